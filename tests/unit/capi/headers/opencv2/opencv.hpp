// As much of OpenCV's Mat as a snippet uses, without interpolation: a picture keeps its size or is taken at the nearest pixel.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

typedef unsigned char uchar;

namespace cv {

struct Size {
    int width, height;
    Size(int w, int h) : width(w), height(h) {}
};
struct Rect {
    int x, y, width, height;
    Rect(int left, int top, int w, int h) : x(left), y(top), width(w), height(h) {}
};
struct Scalar {
    double values[4];
    Scalar(double a, double b, double c) : values{a, b, c, 0} {}
};

class Mat {
public:
    int rows = 0, cols = 0, kind = 0;
    uchar* data = nullptr;
    std::vector<uchar> bytes;

    Mat() {}
    Mat(int r, int c, int type) : rows(r), cols(c), kind(type), bytes(size_t(r) * c * channels() * width()) { own(); }
    Mat(const Mat& other) : rows(other.rows), cols(other.cols), kind(other.kind), bytes(other.bytes) { own(); }
    Mat& operator=(const Mat& other) {
        rows = other.rows, cols = other.cols, kind = other.kind, bytes = other.bytes;
        own();
        return *this;
    }
    Mat operator()(const Rect& part) const {
        Mat found(part.height, part.width, kind);
        const size_t pixel = channels() * width();
        for (int y = 0; y < part.height; ++y)
            std::memcpy(found.data + y * part.width * pixel, data + ((part.y + y) * size_t(cols) + part.x) * pixel,
                        part.width * pixel);
        return found;
    }
    Mat clone() const { return *this; }
    int channels() const { return kind / 8 + 1; }
    int depth() const { return kind % 8; }
    int width() const { return depth() < 2 ? 1 : depth() < 4 || depth() == 7 ? 2 : 4; }
    size_t count() const { return size_t(rows) * cols * channels(); }

    double at(size_t i) const {
        switch (depth()) {
            case 0: return data[i];
            case 1: return reinterpret_cast<const int8_t*>(data)[i];
            case 3: return reinterpret_cast<const int16_t*>(data)[i];
            default: return reinterpret_cast<const float*>(data)[i];
        }
    }
    void put(size_t i, float value) {
        switch (depth()) {
            case 0: data[i] = static_cast<uchar>(std::fmin(std::fmax(std::nearbyint(value), 0), 255)); break;
            case 1: reinterpret_cast<int8_t*>(data)[i] =
                        static_cast<int8_t>(std::fmin(std::fmax(std::nearbyint(value), -128), 127)); break;
            case 3: reinterpret_cast<int16_t*>(data)[i] =
                        static_cast<int16_t>(std::fmin(std::fmax(std::nearbyint(value), -32768), 32767)); break;
            case 7: { const _Float16 half = static_cast<_Float16>(value); std::memcpy(data + 2 * i, &half, 2); break; }
            default: reinterpret_cast<float*>(data)[i] = value;
        }
    }
    void convertTo(Mat& out, int type, double alpha, double beta) const {
        Mat found(rows, cols, type % 8 + 8 * (channels() - 1));
        for (size_t i = 0; i < count(); ++i) found.put(i, static_cast<float>(at(i)) * float(alpha) + float(beta));
        out = found;
    }

private:
    void own() { data = bytes.data(); }
};

inline void resize(const Mat& in, Mat& out, Size size, double, double, int) {
    Mat found(size.height, size.width, in.kind);
    const size_t pixel = in.channels() * in.width();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::memcpy(found.data + (y * size_t(size.width) + x) * pixel,
                        in.data + (y * in.rows / size.height * size_t(in.cols) + x * in.cols / size.width) * pixel, pixel);
    out = found;
}

inline void cvtColor(const Mat& in, Mat& out, int code) {
    Mat found(in.rows, in.cols, code == 6 ? 0 : in.kind);
    for (int i = 0; i < in.rows * in.cols; ++i) {
        const uchar* from = in.data + i * in.channels();
        if (code == 6)
            found.data[i] = static_cast<uchar>((from[0] * 3735 + from[1] * 19235 + from[2] * 9798 + 16384) >> 15);
        else
            for (int c = 0; c < in.channels(); ++c) found.data[i * in.channels() + c] = from[c < 3 ? 2 - c : c];
    }
    out = found;
}

inline void copyMakeBorder(const Mat& in, Mat& out, int top, int bottom, int left, int right, int, const Scalar& value) {
    Mat found(in.rows + top + bottom, in.cols + left + right, in.kind);
    for (size_t i = 0; i < found.count(); ++i) found.data[i] = static_cast<uchar>(value.values[i % in.channels()]);
    for (int y = 0; y < in.rows; ++y)
        std::memcpy(found.data + ((top + y) * size_t(found.cols) + left) * in.channels(),
                    in.data + y * size_t(in.cols) * in.channels(), size_t(in.cols) * in.channels());
    out = found;
}

inline void split(const Mat& in, std::vector<Mat>& planes) {
    planes.assign(in.channels(), Mat(in.rows, in.cols, in.depth()));
    for (size_t i = 0; i < in.count(); ++i) planes[i % in.channels()].put(i / in.channels(), float(in.at(i)));
}

inline void merge(const std::vector<Mat>& planes, Mat& out) {
    const int channels = static_cast<int>(planes.size());
    Mat found(planes[0].rows, planes[0].cols, planes[0].depth() + 8 * (channels - 1));
    for (size_t i = 0; i < found.count(); ++i) found.put(i, float(planes[i % channels].at(i / channels)));
    out = found;
}

}  // namespace cv
