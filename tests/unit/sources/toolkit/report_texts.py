"""Reports in every form, made for the tests: the toolkit's lines with names of a network that nobody has."""

COSINE = """\
# simulator_error: calculate the simulator errors.
#              entire: errors between 'golden' and 'simulator'.
#              single: single layer errors. (compare to 'entire', the input of each layer is come from 'golden')!
# ('nan' means that tensor are 'all zeros', or 'all equal', or 'large values', etc)

layer_name                                                  simulator_error              runtime_error
                                                           entire    single           entire   single_sim
------------------------------------------------------------------------------------------------------------
[Input] data                                              1.000000  1.000000
[exDataConvert] data_int8                                 0.999973  0.999974
[Conv] /stem/Conv_output_0                                0.994679  0.995177
[exSwish] /stem/act/Mul_output_0                          0.985564  0.995178       0.985530  0.999996
[Conv] Conv__343:0
[Mul] zero                                                nan       nan            0.125208  0.181133
[exDataConvert] board_only                                                         0.706008  0.181134
"""

PAIRS = """\
layer_name                                simulator_error                             runtime_error
                                        entire              single                  entire           single_sim
                                    cos      euc        cos      euc            cos      euc        cos      euc
-----------------------------------------------------------------------------------------------------------------
[Input] data                     1.00000 | 0.0       1.00000 | 0.0
[Conv] conv1/scale
[Relu] relu1                     0.99997 | 4.7572    0.99998 | 4.7573        0.99996 | 5.2593    0.99994 | 6.3273
[exDataConvert] fc7__float16     0.98323 | 21.939    0.99999 | 1.1046        0.98521 | 20.570    1.00000 | 0.0512
[exSDPAttention] 779             q_nan  | q_nan     1.00000 | 0.0112         -0.9946 | 22938.    rt_inf | rt_inf
[Add] Add.187-rs                 q_nan  | q_nan     1.00000 | 0.0184
[Mul] far                        1.00000 | 123456    1.00000 | 1192.3        1.00000 | 346.79    0.66527 | 0.5101
"""

PAIRS5 = """\
layer_name                                      simulator_error
                                            entire              single
                                         cos      euc        cos      euc
-------------------------------------------------------------------------------
[Input] input                          1.00000 | 0.00000   1.00000 | 0.00000
[Conv] /f/f.0/Conv_output_0
[Conv] /convDb/Conv_output_0           0.99605 | 4726.699710.99971 | 1295.12781
[Relu] /relu/Relu_output_0             0.99797 | 459.11237 0.99798 | 459.11238
[Reshape] output_int8                  0.99994 | 0.02646   0.99996 | 0.01999
"""

COLLAPSED = """\
layer_name simulator_error
entire single
cos euc cos euc
[Input] images 1.00000 | 0.0 1.00000 | 0.0
[Conv] /model.0/conv/Conv_output_0 0.99993 | 92.600 0.99994 | 92.601
[Conv] 131
"""

OLDEST = """\
# quant_error: calculate the quantize errors.
#              entire: errors between 'golden' and 'simulator'.
#              per_layer: compare to 'entire', the input of each layer is come from 'golden'
# runtime_error: calculate the runtime errors.
#              simu_err: errors between 'simulator' and 'runtime'.
#              golden_err: errors between 'golden' and 'runtime'.

layer_name                           quant_error              runtime_error
                                 entire    per_layer      simu_err  golden_err
------------------------------------------------------------------------------
images                           1.000000  1.000000
/stem/Conv_output_0              0.999134  0.999251
/stem/Relu_output_0              0.999134  0.999251       0.999958  0.999135
alone
"""

TOOLKIT1 = (
    "scope_Relu6_3_15_out0_nhwc_1_6_5_64.tensor       \teculidean_norm=0.611659\tcosine_norm=0.812937\t"
    "eculidean=55.594463\tcosine=0.812937\n"
    "attach_scope_Conv2D_4_out0_1_out0_nhwc_1_6_6_3.tensor \teculidean_norm=0.214467\tcosine_norm=0.977002\t"
    "eculidean=81.239548\tcosine=-0.126335\n"
    "convolution_55                \teculidean_norm=0.744135\tcosine_norm=0.723131\teculidean=381.308289\t"
    "cosine=0.723131\n"
    "Conv__stem_stem.0_conv_Conv_57_out0_nhwc_1_224_224_8.npy        eculidean_norm=0.021166 "
    "cosine_norm=0.999776    eculidean=8.163392      cosine=0.999776\n"
    "inputs_15_out0_nhwc_1_120_90_3.npy                  u8        eculidean_norm=0.002681        "
    "cosine_norm=0.999996\n"
    "Resize__Resize_3_out0_nhwc_1_480_360_3.npy        None        eculidean_norm=0.002682        "
    "cosine_norm=0.999997\n"
    "24_Sigmoid_47_out0_nhwc_1_3_80_80_8   eculidean_norm=1.000000 cosine_norm=nan\n"
)
