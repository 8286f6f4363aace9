# ruff: noqa: E501 - lines of logs stand as they are
"""Lines as logs have them for each message of the knowledge table: of runs with rknn-toolkit2 2.5.0, and as users and the
vendor's FAQ quote them (toolkit 1.x, older releases of toolkit 2, boards).
"""

LINES: dict[str, tuple[str, ...]] = {
    "old-numpy-twice": (
        "ImportError: /home/u/lib/python3.5/site-packages/rknn/api/rknn_base.so: undefined symbol: PyFPE_jbuf",
    ),
    "numpy-2": (
        "A module that was compiled using NumPy 1.x cannot be run in",
        "ImportError: numpy.core.multiarray failed to import",
    ),
    "onnx-mapping": (
        "AttributeError: module 'onnx' has no attribute 'mapping'",
        "ModuleNotFoundError: No module named 'onnx.mapping'",
    ),
    "no-lite": ("ModuleNotFoundError: No module named 'rknnlite'",),
    "no-toolkit": ("ModuleNotFoundError: No module named 'rknn'",),
    "no-tensorflow": (
        "W load_tflite: 'import tensorflow' failed! Please use the following command to reinstall it:",
        "ModuleNotFoundError: No module named 'tensorflow'",
    ),
    "no-torch": (
        "ModuleNotFoundError: No module named 'torch'",
        "W load_pytorch: 'import torch' failed! Please use the following command to reinstall it:",
    ),
    "no-pkg-resources": ("ModuleNotFoundError: No module named 'pkg_resources'",),
    "no-module": ("ModuleNotFoundError: No module named 'numpy'",),
    "wheel-not-supported": (
        "ERROR: rknn_toolkit2-2.3.0-cp38-cp38-linux_x86_64.whl is not a supported wheel on this platform.",
    ),
    "onnxoptimizer-build": (
        '#9 333.7     AssertionError: Could not find "cmake" executable!',
        "  ERROR: Failed building wheel for onnxoptimizer",
    ),
    "old-glibc": (
        "ImportError: /lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.29' not found (required by librknnc.so)",
    ),
    "other-python-compiled": (
        "<frozen>:219: RuntimeWarning: compiletime version 3.6 of module 'rknnlite.api.rknn_log' does not match runtime version 3.7",
    ),
    "transfer-proxy-permission": (
        "E Execute ntp_transfer_proxy devices failed, ret code: 126. /bin/sh: 1: /usr/local/lib/python3.7/dist-packages/rknn/3rdparty/platform-tools/ntp/linux-aarch64/npu_transfer_proxy: Permission denied",
    ),
    "usb-permission": (
        "1109 no permissions (user hpcci is not in the plugdev group); see",
        "error: insufficient permissions for device: user in plugdev group; are your udev rules wrong?",
    ),
    "permission": (
        "PermissionError: [Errno 13] Permission denied: './check0_base_optimize.onnx'",
        "bash: /userdata/rknn_server: Permission denied",
    ),
    "no-memory": (
        "numpy.core._exceptions.MemoryError: Unable to allocate 4.69 GiB for an array with shape (1, 64, 640, 640)",
        "Killed",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "RuntimeError: [enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.",
    ),
    "no-disk": ("OSError: [Errno 28] No space left on device",),
    "networkx-version": ("E AttributeError: 'MultiDiGraph' object has no attribute 'node'",),
    "h5py-version": ("E AttributeError: 'str' object has no attribute 'decode'",),
    "config-first": ("E load_onnx: Please call rknn.config first!",),
    "no-target": (
        "E config: The 'target_platform' has not been set yet, valid values are ['rk3566', 'rk3568', 'rk3588'],",
    ),
    "unknown-target": ("E config: Invalid target_platform 'rk1808'!",),
    "dtype-of-other-chip": ("E config: The quantized_dtype = 'w4a16' not support in 'rk3588'!",),
    "invalid-option": (
        "E config: Invalid quantized_dtype 'int4', expect in ['w8a8', 'w8a16', 'w16a16i_dfp', 'w4a16']!",
        "E config: The 'tpu' in op_target is invalid! expect in ['npu', 'cpu', 'gpu', 'auto']!",
    ),
    "algorithm-needs-dtype": (
        "E config: The quantized_algorithm = 'gdq' only support in ['w4a16', 'w8a16']!",
        "E config: The quantize_method = 'group32' only support when quantized_dtype = 'w4a16'",
    ),
    "level-clamped": ("W config: Invalid optimization_level '4', Set it to '3'!",),
    "unknown-option": (" 'foo' is not support! Maybe you mean 'stream_op'?",),
    "mean-length": ("E load_onnx: The len of mean_values ([1, 2]) for input 0 is wrong, expect 3!",),
    "reorder-length": ("E The reorder_channel list size is 1, the correct list size is 2!",),
    "rgb2bgr-note": ("W config: The quant_img_RGB2BGR of input 0 is set to True, which means that the RGB2BGR",),
    "no-mean": ("W load_onnx: The config.mean_values is None, zeros will be set for input 0!",),
    "target-differs": ("W The target and target_platform in config are different!",),
    "model-missing": (
        "E load_onnx: Model file no.onnx not exists!",
        "E hybrid_quantization_step2: The model_input file no.model not found!",
        "FileNotFoundError: [Errno 2] No such file or directory: '/data/net.tflite'",
    ),
    "onnx-damaged": (
        "google.protobuf.message.DecodeError: Error parsing message",
        "[ONNXRuntimeError] : 7 : INVALID_PROTOBUF : Load model from net.onnx failed:Protobuf parsing failed.",
    ),
    "open-shape": (
        "E load_onnx: The input shape ['batch', 3, 16, 16] of 'x' is not support!",
        "E Loading dynamic inputs model is not supported, please fix it first",
    ),
    "dynamic-input-mismatch": (
        "E load_onnx: The shape [1, 4, 16, 16] in config.dynamic_input is not match with ['batch', 3, 16, 16]!",
        "E load_onnx: The len of config.dynamic_input[0] is 2, expect 1!",
    ),
    "opset-too-new": (
        "E load_onnx: Unsupport onnx opset 21, need <= 19!",
        "W Please confirm that your onnx opset_version <= 11 (current opset_verison = 12)!!!",
    ),
    "opset-runtime": (
        "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 19 is under development and support for this is limited. Current official support for domain ai.onnx is till opset 15.",
    ),
    "ir-too-new": (
        "onnx.onnx_cpp2py_export.checker.ValidationError: Your model ir_version is higher than the checker's.",
        "[ONNXRuntimeError] : 1 : FAIL : Load model from a.onnx failed: Unsupported model IR version: 10, max supported IR version: 9",
    ),
    "opset-recommended": (
        "W load_onnx: It is recommended onnx opset 19, but your onnx model opset is 12!",
        "W load_onnx: Model converted from pytorch, 'opset_version' should be set 19 in torch.onnx.export for successful convert!",
    ),
    "optimize-onnx-missing": ("E FileNotFoundError: [Errno 2] No such file or directory: './optimize.onnx'",),
    "wrong-output-name": ("E load_onnx: The 'nope' in outputs=['nope'] is invalid!",),
    "size-list-missing": ("E load_onnx: If 'inputs' set, the 'input_size_list' should be set also!",),
    "crop-note": ("W load_onnx: If you don't need to crop the model, don't set 'inputs'/'input_size_list'/'outputs'!",),
    "dynamic-graph": (
        "E build: The input 0 of NonMaxSuppression('y') need to be constant! It will cause the graph to be a dynamic graph!",
        "E build: The If('y') will cause the graph to be a dynamic graph! Remove it manually and try again!",
    ),
    "custom-domain": (
        'onnxruntime.capi.onnxruntime_pybind11_state.InvalidGraph: [ONNXRuntimeError] : 10 : INVALID_GRAPH : This is an invalid model. In Node, ("y", MyOp, "my.ops", -1) : ("x": tensor(float),) -> ("y": tensor(float),) , Error No opset import for domain \'my.ops\'',
        "Fatal error: mmdeploy:TRTBatchedNMS(-1) is not a registered function/op",
    ),
    "sequence-op": ("E build: AttributeError: 'list' object has no attribute 'dtype'",),
    "raw-integers": (
        '  File "rknn/api/rules/conv.py", line 433, in rknn.api.rules.conv._p_fuse_pad_into_conv',
        "ValueError: assignment destination is read-only",
    ),
    "qat-level": (
        "W load_pytorch: The QAT model is loaded, but the config.optimization_level = 3, and some performance",
    ),
    "rule-failed": (
        "W You can add disable_rules=['squeeze_1_in_nd_transpose'] in rknn.config() to temporarily disable the error rule!",
    ),
    "correct-ops-compare": ("E build: TypeError: '>' not supported between instances of 'numpy.ndarray' and 'str'",),
    "lost-input": ("E TypeError: 'NoneType' object is not iterable",),
    "match-failed": (
        "E Try match layer: Pad_Pad_14:out0 failed!",
        "W Not match tensor Pad_Pad_14:out0",
    ),
    "unsupported-op": (
        'Fatal: Meet unsupported operator: Sqrt(name="Sqrt_51").',
        "W The follow op is not support : ['ConstantOfShape']",
        "No lowering found for: Atan_129, node type = Atan, use CustomOperatorLower instead.",
        "E RKNN: Meet unsupport Sqrt operator",
    ),
    "type-not-implemented": (
        "onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented: [ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : Could not find an implementation for Gemm(11) node with name 'output_2gemm'",
    ),
    "tensor-type": (
        "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Failed to load model with error: Invalid tensor data type",
        "Type Error: Type 'tensor(int32)' of input parameter (/Cast_output_0) of operator (Mul) in node (Mul_1) is invalid.",
    ),
    "lost-connection": (
        "W Not get any connection of Dropout_717:out0",
        "E AttributeError: 'NoneType' object has no attribute 'lid'",
    ),
    "caffe-old-input": (
        "E Deprecated caffe input usage, please change it to input layer.",
        "E load_caffe: Output name size 0 mismatch Output shape size 1",
    ),
    "caffe-v1": (
        "E Not supported caffenet model version(v0 layer or v1 layer).",
        "AttributeError: input_param",
    ),
    "caffe-round-mode": ('Message type "caffe.PoolingParameter" has no field named "round_mode".',),
    "caffe-field": ('54:14: Message type "caffe.LayerParameter" has no field named "interp_param".',),
    "caffe-cpu-layers": (
        "E Invalid tensor id(1), tensor(@mbox_conf_flatten_188:out0)",
        "Invalid tensor id(1), tensor(@rpn_bbox_pred_18:out0)",
    ),
    "caffe-layer-not-supported": ("E load_caffe:  OP in Layer d Current not support!!!",),
    "scope-name": (
        "T  ValueError: '_plus0_17' is not a valid scope name",
        "ValueError: Invalid scope name",
    ),
    "caffe-random-weights": ("I Blobs file None not exists! Generate random blobs!",),
    "caffemodel-layer": ("E load_caffe: caffemodel layer error",),
    "darknet-default": ("KeyError: 'pad'", "E load_darknet: KeyError: 'pad'"),
    "darknet-layer": ("ValueError: Layer of type weird not supported",),
    "tf-input-name": ("AttributeError: 'NoneType' object has no attribute op",),
    "tf-resource": (
        "Cannot convert value dtype (['resource', 'u1']) to a Tensorflow Dtype",
        "InvalidArgumentError: Cannot convert a Tensor of dtype resource to a NumPy array.",
        "ValueError: Attempted to convert a node of type resource != float",
    ),
    "tf-attribute": ("E ValueError: NodeDef mentions attr 'explicit_paddings' not in Op<name=Conv2D;",),
    "tf-node-name": ("W load_tensorflow: The inputs name should be a tensor name instead of node name",),
    "tflite-options": ("module 'RKNNlib.convertert.lite.tflite' has no attribute 'TransposeOptions'",),
    "torch-view": ("E     assert(tsr.op_type == 'Constant')",),
    "torch-not-traced": (
        "E load_pytorch: RuntimeError: PytorchStreamReader failed locating file constants.pkl: file not found.",
    ),
    "torch-version": (
        "W load_pytorch: Make sure that the torch version of 'junk.pt' is consistent with the installed torch version '2.13.0+cpu'!",
        "W Pt model version is 1.6(same as you can check through <netron>), but the installed pytorch is 1.8.2+cu111. This may cause the model to fail to load.",
    ),
    "torch-inline": ("AttributeError: module 'torch._C' has no attribute '_jit_pass_inline'",),
    "torch-op": (
        "E KeyError: 'aten::softmax'",
        "E NotImplementedError: The following operators are not implemented: ['aten::randn', 'aten::sort']",
    ),
    "torch-syntax": (
        "Syntax error in input! LexToken(NAMED_IDENTIFIER,'fc',1,27)",
        "!!!!! Illegal character '\"'",
    ),
    "no-dataset": (
        "E build: If set do_quantization = True or auto_hybrid = True, dataset file need be provided. But it`s value is None!",
    ),
    "dataset-missing": (
        "E build: Dataset file none.txt not found!",
        "E FileNotFoundError: [Errno 2] No such file or directory: './dataset.txt'",
    ),
    "dataset-empty": (
        "E build: The input num: 0 in empty.txt not match input num: 1 in model !",
        "E There is no valid data in the dataset: /home/linaro/dataset.txt. Please check it.",
    ),
    "dataset-columns": ("E build: The input num: 2 in two.txt not match input num: 1 in model !",),
    "dataset-line-missing": ("W Can not find file: egg_1.jpg. This line will be ignored!",),
    "dataset-blank": ("W 2 blank line(s) in dataset file. Ignored!!!",),
    "dataset-file-type": (
        "E build: Unsupport file #!",
        "ValueError: Unsupport file -0.886949!",
    ),
    "sample-missing": ("FileNotFoundError: [Errno 2] No such file or directory: '/data/set/nowhere.npy'",),
    "sample-shape": (
        "I Quantizating :   0%|          | 0/2 [00:00<?, ?it/s]E build: The input('/data/bad.npy') shape (1, 3, 9, 9) is wrong, expect 'nchw' like (1, 3, 16, 16)!",
    ),
    "sample-damaged": ("E build: The image of /data/junk.jpg is invalid!",),
    "picture-channels": ("E build: ValueError: The channel of r_shape must be 3!",),
    "queue-empty": (
        "T OutOfRangeError (see above for traceback): FIFOQueue '_0_fifo_queue' is closed and has insufficient elements (requested 1, current size 0)",
        'W Invalid format detected in the input file "D:\\project\\dataset.txt", exiting.',
    ),
    "quantize-assert": (
        'E   File "rknn/base/RKNNlib/quantization/quantize_manager.py", line 31, in rknn.base.RKNNlib.quantization.quantize_manager.QuantizerConfig.__init__',
        'E   File "rknn/base/RKNNlib/net_input_meta.py", line 59, in rknn.base.RKNNlib.net_input_meta.DatabaseMeta.__init__',
    ),
    "jpeg-cut": (
        "2024-07-04 14:26:53.726182: E tensorflow/core/lib/jpeg/jpeg_mem.cc:323] Premature end of JPEG data. Stopped at line 462/499",
    ),
    "dangling-model": (
        "E build: The model has not been loaded, please load it first!",
        "E RKNN model data is None, please load model first!",
        "E export_rknn: RKNN model does not exist, please load & build model first!",
    ),
    "outlier": ("W build: found outlier value, this may affect quantization accuracy",),
    "input-dtype-changed": (
        "W build: The default input dtype of 'images' is changed from 'float32' to 'int8' in rknn model for performance!",
    ),
    "unknown-op-target": ("E RKNN: [11:45:40.701] Unkown op target: 0",),
    "register-limit": (
        "E RKNN: [08:13:21.262] REGTASK: The bit width of field value exceeds the limit, target: v2, offset: 0x5048, shift = 19, limit: 0x1fff, value: 0x4210",
        "W RKNN: [01:23:24.855] emitCHW_C1HWC2_regtasks: align_surf overflow!",
        "W RKNN: [13:38:22.316] emitABC_T_BAC_regtask notch_addr overflow",
    ),
    "float-only-chip": ("E RKNN: [00:50:14.520] Meet unsupported conv, input tensor name: x input type: 3",),
    "chip-lacks": ("E config: rk3588 does not support sparse inference, ignore this parameter!",),
    "op-target-name": ("E build: Invalid key of 'nope' in 'op_target'!",),
    "batch-range": ("E build: The 'rknn_batch_size' is invalid! please set the correct value [1 ~ 128].",),
    "config-layer": ("E RKNN: Failed to config layer: 'Conv:/lila2/conv/conv/Conv', Fatal Error",),
    "more-than-four-axes": ("  what():  vector::_M_range_check: __n (which is 2) >= this->size() (which is 3)",),
    "empty-tensor": ("E RKNN: [16:50:26.190] invalid tensor malloc size, tensor name: , target: CPU, size: 0",),
    "cpu-op": (
        "E RKNN: unsupport cpu Min op, op name: Min:functional_1/bb00_conv_1/activation_174_1/Minimum in current, please",
        "E RKNN: [10:12:36.185] Unsupport CPU op: Sin in this librknnrt.so, please try to register custom op by calling rknn_register_custom_ops",
    ),
    "rv-float": ("E build: Current target_platform(rv1106) not support do_quantization = False!",),
    "cfg-unknown-name": ("E hybrid_quantization_step2: Invalid operands name 'images' in custom_quantize_layers!",),
    "cfg-modified": (
        "ValueError: The quantize_parameters['/blocks.4/Constant_output_0']['scale'] is not allowed to be modified!",
    ),
    "cfg-precision": ("E hybrid_quantization_step2: 'int4' not supported in custom_quantize_layers!",),
    "cfg-yaml": (
        "ruamel.yaml.scanner.ScannerError: while scanning for the next token",
        "found character '\\t' that cannot start any token",
        "mapping values are not allowed here",
    ),
    "proposal-failed": (
        "I HybridProposal Step 4/4:   0%|            | 0/109 [00:00<?, ?it/s]Segmentation fault (core dumped)",
        "ValueError: hybrid_quantization_step1 with proposal does not support expand batch",
        "KeyError: 'Slice.5-rs'",
    ),
    "out-of-float16": (
        "W inference: The range [1.94334077835083, inf] of '/downsample_layers.3/ReduceMean_1_output_0' is out of the float16!",
    ),
    "old-analysis": (
        "E Catch exception when snapshot: AttributeError(\"'Namespace' object has no attribute 'can_snapshot'\",)",
    ),
    "rknn-on-simulator": (
        "E init_runtime: RKNN model that loaded by 'load_rknn' not support inference on the simulator, please set 'target' first!",
    ),
    "no-runtime": ("E inference: The runtime has not been initialized, please call init_runtime first!",),
    "simulator-perf": ("E eval_perf: Not support in simulator environment, please set target in init_runtime!",),
    "dumps-folder": (
        "adb: error: remote object '/userdata/dumps' does not exist",
        "E RKNN: failed open dump path: /userdata/dumps/000_InputOperator_input_shape_1_3_224_224_uint8.npy",
        "mv: cannot stat './snapshot/runtime/dumps': No such file or directory",
    ),
    "snapshot-runtime-missing": ("FileNotFoundError: [Errno 2] No such file or directory: './snapshot/runtime/npy'",),
    "server-down": (
        "E RKNNAPI: rknn_init,  server connect fail!  ret = -9(ERROR_PIPE)!",
        "D NPUTransfer: ERROR: socket read fd = 3, n = -1: Connection reset by peer",
        "E init_runtime: The rknn_server on the concected device is abnormal, please start the rknn_server on the device",
        "E RKNNAPI: rknn_init, driver open fail! ret = -9!",
    ),
    "transfer-socket": (
        "error: attempted to listen on unavailable socket type: localabstract:transfer_proxy",
        "error: attempted to listen on unavailable socket type: 'localabstract:transfer_proxy'",
    ),
    "server-died": (
        "E RKNNAPI: __pthread_recv_msg,  recv(MsgHeader) fail, -9(ERROR_PIPE) < 108!",
        "E RKNNAPI: rknn_outputs_get,  p_ctx->queue_output.size() = 0!",
    ),
    "device-offline": ("adb: error: failed to get feature set: device offline", "error: device is offline"),
    "device-unauthorized": ("error: device unauthorized.", "error: device still authorizing"),
    "adb-root": ("adbd cannot run as root in production builds", "adb: unable to connect for root: closed"),
    "read-only-folder": ("mkdir: can't create directory '/oem/dumps': Read-only file system",),
    "no-runtime-library": (
        "rknn_server: error while loading shared libraries: librknnrt.so: cannot open shared object file: No such file",
        "E Catch exception when init runtime! Can not find dynamic library on RK3588!",
        'CANNOT LINK EXECUTABLE: dlopen failed: library "librknnrt.so" not found',
    ),
    "npu-hang": (
        "[  605.159276] RKNPU: failed to wait job, task counter: 0, flags: 0x5, ret = 0, elapsed time: 6160643us",
        "[  605.267268] RKNPU: job timeout, flags: 0x0, irq status: 0x0, raw status: 0x0, require mask: 0x300, task counter: 0x0",
        "[  605.375257] RKNPU: soft reset",
    ),
    "npu-page-fault": (
        "[   77.012345] rk_iommu fdab9000.iommu: Page fault at 0x00000000fffc0000 of type read",
        "[   77.012345] rk_iommu fdab0000.npu: Page fault at 0x00000000fffc0000 of type write",
        "[   77.012345] RKNPU fdab0000.npu: RKNPU: page fault, iova 0xfffc0000",
    ),
    "board-killed": (
        "[ 812.123456] Out of memory: Killed process 733 (rknn_server) total-vm:98304kB, anon-rss:53248kB",
        "[ 812.123456] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task=rknn_benchmark,pid=912,uid=0",
        "lowmemorykiller: Killing 'rknn_server' (733), adj 1000",
    ),
    "adb-version": ("adb server version (41) doesn't match this client (40); killing...",),
    "no-device": (
        "error: device '192.168.0.133:40655' not found",
        "E init_runtime: Get board target failed, ret code: 1. error: no devices/emulators found",
        "E init_runtime: Connect to Device Failure (-1), Please check the USB connection!",
        "error: no devices found",
    ),
    "version-message": (
        "E RKNNAPI: rknn_init,  msg_ioctl_ack fail, data_len = 104985, expect 103961!",
        "E RKNNAPI: rknn_server version is too old, please update rknn_server to at least 2.3.0",
    ),
    "model-version": (
        "E RKNN: [05:06:22.571] parseRKNN from buffer: Invalid RKNN format!",
        "E RKNNAPI: rknn_init,  msg_load_ack fail, ack = 1, expect 0!",
        "E RKNN: [11:02:45.100] Invalid RKNN model version 6",
        "T Exception: RKNN init failed. error code: RKNN_ERR_MODEL_INVALID",
    ),
    "not-rknn": ("E load_rknn: The 'junk.onnx' is invalid (wrong magic)!",),
    "input-bytes": ("E RKNN: rknn_inputs_set, param input size(1228800) < model input size(4915200)",),
    "zero-copy-only": ("E RKNN: rknn_inputs_set, context config invalid!",),
    "input-shape-on-board": (
        "E RKNN: [03:51:51.071] rknn_set_input_shapes error, input name = input supported input shapes are as follows:",
    ),
    "npu-submit": (
        "E RKNN: [00:47:08.943] failed to submit!, op id: 20, op name: Clip:Clip_383, flags: 0x5, task start: 66, task number: 4095, run task counter: 7, int status: 0",
    ),
    "no-driver": (
        "E RKNN: [15:14:02.114] failed to open rknpu module, need to insmod rknpu dirver!",
        "E RKNN: [15:14:02.114] failed to open rknn device!",
    ),
    "board-memory": (
        "E RKNN: failed to allocate fd, ret: -1, errno: 12",
        "E RKNN: failed to allocate handle, ret: -1, errno: 14, errstr: Bad address",
        "E RKNN: [07:40:51.484] failed to malloc npu memory, size: 6120, flags: 0xa",
        "[  101.1] cma: cma_alloc: reserved: alloc failed, req-size: 2048 pages, ret: -12",
        "[  101.1] RKNPU: failed to allocate IOVA: -12",
    ),
    "old-runtime-symbol": ("AttributeError: /usr/lib64/librknnrt.so: undefined symbol: rknn_get_sdk_version",),
    "device-unavailable": (
        "E Exception: RKNN init failed. error code: RKNN_ERR_DEVICE_UNAVAILABLE",
        "E init_runtime: Exception: Init runtime environment failed!",
        "rknn_init fail! ret=-1",
    ),
    "crash": (
        "corrupted size vs. prev_size",
        "Segmentation fault (core dumped)",
        "段错误 (核心已转储)",
        "double free or corruption (!prev)",
        "Aborted (core dumped)",
        "terminate called after throwing an instance of 'std::out_of_range'",
        "free(): invalid pointer",
        "The toolkit ended with SIGABRT.",
    ),
    "exception": ("E build: Catch exception when building RKNN model!",),
    "update-advice": (
        "W If you can't handle this error, please try updating to the latest version of the toolkit2",
        "E Please feedback the detailed log file <log_feedback_to_the_rknn_toolkit_dev_team.log> to the RKNN Toolkit development team.",
        "E You can also check github issues: https://github.com/rockchip-linux/rknn-toolkit/issues",
    ),
    "onnx-check": (
        "W load_onnx: onnx.checker.check_model fail: Nodes in a graph must be topologically sorted, however input 'model.decoder.rnn.weight_ih' of node: ",
    ),
    "tf-version": (
        "W load_tensorflow: The installed TensorFlow version 2.14.1 is not in the range of 1.12.0 ~ 2.14.0.",
    ),
    "tflite-damaged": ("E load_tflite: ValueError: Model provided has model identifier 'junk', should be 'TFL3'",),
    "tflite-quantization": (
        "E load_tflite: ValueError: quantized_dimension must be in range [0, 1). Was 3.Tensor 33 has invalid quantization parameters.",
    ),
}
