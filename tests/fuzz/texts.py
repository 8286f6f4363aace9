"""Good texts of every kind that readers of texts take, small."""

TOOLKIT_CFG = """\
custom_quantize_layers:
    /c/Conv: float16
quantize_parameters:
    x:
        qtype: asym
        dtype: int8
        min: [-1.0]
        max: [1.0]
        scale: [0.00784]
        zero_point: [0]
    w: &weights {qtype: sym, dtype: int8, scale: [0.1], zero_point: [0]}
"""
TOOLKIT1_CFG = """\
customized_quantize_layers: {conv_1: float32}
quantize_parameters:
    '@conv_1:out0':
        dtype: asymmetric_affine
        qtype: u8
        max_value: [1.0]
        min_value: [-1.0]
        scale: [0.0078]
        zero_point: [128]
"""
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{','.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
)
PARAMS = """\
quant_params:
    Conv_c_3:
        out0: {qtype: asymmetric_affine, dtype: u8, scale: 0.5, zero_point: 3}
"""
OWN = '{"quantize_parameters": {"x": {"dtype": "int8", "scale": [0.1], "zero_point": [0], "min": -1, "max": 1}}}'
MAP = "# a map\n/f/Conv_output_0 385\na b nhwc\n"
YAML_MAP = "# a map\n'385': /f/Conv_output_0\na: &b c\nd: *b\n"
JSON_MAP = '{"385": "/f/Conv_output_0", "a": "b"}'
BOARD = 'name = "desk"\nlink = "ssh:me@board:22"\nchip = "rk3588"\nfolder = "/userdata"\n[environment]\nA = "b"\n'
TOOLKIT = 'name = "2.3"\npython = "/usr/bin/python3"\nsilence = 60\n[environment]\nA = "b"\n'
ATTRS = (
    "index=0, name=data, n_dims=4, dims=[1, 112, 112, 3], n_elems=37632, size=37632, w_stride = 0, "
    "size_with_stride=37632, fmt=NHWC, type=INT8, qnt_type=AFFINE, zp=0, scale=0.007843\n"
)
LISTING = "MARK 81a4 120 ./a b.npy\nMARK 41ed 4096 ./d\nMARK 81a4 7 ./d/网.npy\n"
BOARD_LOG = """\
librknnrt version: 2.3.0 (c949ad889d@2024-11-07T11:35:33)
I RKNN: [09:00:00.000] RKNN Driver Information, version: 0.9.8
export RKNN_LOG_LEVEL=5
MemTotal:        8148312 kB
[  101.1] cma: cma_alloc: reserved: alloc failed, req-size: 2048 pages, ret: -12
"""
LOG = """\
I rknn-toolkit2 version: 2.3.0
I Loading : 100%|██████████| 4/4 [00:00<00:00, 1000.00it/s]
E load_onnx: Traceback (most recent call last):
E load_onnx: ValueError: The input shape ['n', 3, 'h', 'w'] is not support!
"""
TIMES = """\
ID   OpType   DataType Target InputShape  OutputShape  Cycles(DDR/NPU/Total)  Time(us)  MacUsage(%)  WorkLoad(0/1/2)  RW(KB)  FullName
1    InputOperator   FLOAT16  CPU  \\  (1,3,64,64)  0/0/0  4   0.0%/0.0%/0.0%  0  InputOperator:data
2    ConvRelu  INT8  NPU  (1,3,64,64),(16,3,3,3),(16)  (1,16,32,32)  6/13/13  390  0.30/0.00/0.00  100.0%/0.0%/0.0%  384  Conv:/stem/Conv
Total Operator Elapsed Per Frame Time(us): 394
rknn_run use: 12.3 ms
"""  # noqa: E501 - rows of tables stand as they are
TYPED = (
    'cos<0.99 op:Conv|Add -name:"a b" jump>3 pinned',
    "123.675,116.28,103.53",
    "data:mean=127.5/127.5/127.5,std=128/128/128,order=bgr,layout=nchw,shape=1/3/2/2",
    "rknn.config(mean_values=[[128, 128, 128]], std_values=[[1, 1, 1]], quant_img_RGB2BGR=True)",
    "128 128 128 128",
    "ssh:me@[fe80::1]:22",
    "method,algorithm=normal/mmse",
)
