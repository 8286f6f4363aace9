// The types of Rockchip's rknn_api.h that a snippet uses, and a runtime that writes what it is fed to files.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

typedef uint64_t rknn_context;
typedef enum {
    RKNN_TENSOR_FLOAT32 = 0,
    RKNN_TENSOR_FLOAT16,
    RKNN_TENSOR_INT8,
    RKNN_TENSOR_UINT8,
    RKNN_TENSOR_INT16,
    RKNN_TENSOR_UINT16,
    RKNN_TENSOR_INT32
} rknn_tensor_type;
typedef enum { RKNN_TENSOR_NCHW = 0, RKNN_TENSOR_NHWC, RKNN_TENSOR_NC1HWC2, RKNN_TENSOR_UNDEFINED } rknn_tensor_format;
typedef struct {
    uint32_t index;
    void* buf;
    uint32_t size;
    uint8_t pass_through;
    rknn_tensor_type type;
    rknn_tensor_format fmt;
} rknn_input;
typedef struct {
    uint8_t want_float;
    uint8_t is_prealloc;
    uint32_t index;
    void* buf;
    uint32_t size;
} rknn_output;
typedef struct {
    void* reserved;
} rknn_output_extend;

inline int rknn_inputs_set(rknn_context, uint32_t count, rknn_input inputs[]) {
    for (uint32_t i = 0; i < count; ++i) {
        std::FILE* file = std::fopen(("fed_" + std::to_string(inputs[i].index)).c_str(), "wb");
        std::fwrite(inputs[i].buf, 1, inputs[i].size, file);
        std::fclose(file);
        std::printf("input %u type %d fmt %d pass_through %d size %u\n", inputs[i].index, inputs[i].type, inputs[i].fmt,
                    inputs[i].pass_through, inputs[i].size);
    }
    return 0;
}

inline int rknn_outputs_get(rknn_context, uint32_t count, rknn_output outputs[], rknn_output_extend*) {
    for (uint32_t i = 0; i < count; ++i) {
        const std::string name = (outputs[i].want_float ? "float_" : "stored_") + std::to_string(i);
        std::FILE* file = std::fopen(name.c_str(), "rb");
        if (!file) return -1;
        outputs[i].buf = std::malloc(1 << 20);
        outputs[i].size = static_cast<uint32_t>(std::fread(outputs[i].buf, 1, 1 << 20, file));
        std::fclose(file);
    }
    return 0;
}

inline int rknn_outputs_release(rknn_context, uint32_t count, rknn_output outputs[]) {
    for (uint32_t i = 0; i < count; ++i) std::free(outputs[i].buf);
    return 0;
}
