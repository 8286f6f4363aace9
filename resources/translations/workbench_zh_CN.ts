<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Accuracy</name>
    <message>
        <source>as float</source>
        <translation>与浮点一致</translation>
    </message>
    <message>
        <source>mAP, small</source>
        <translation>mAP，小目标</translation>
    </message>
    <message>
        <source>mAP, medium</source>
        <translation>mAP，中目标</translation>
    </message>
    <message>
        <source>mAP, large</source>
        <translation>mAP，大目标</translation>
    </message>
    <message>
        <source>recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>recall@0.5</source>
        <translation>召回率@0.5</translation>
    </message>
</context>
<context>
    <name>AccuracyForm</name>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>What is measured</source>
        <translation>测量什么</translation>
    </message>
    <message>
        <source>classes: top-1, top-5</source>
        <translation>分类：top-1、top-5</translation>
    </message>
    <message>
        <source>objects: mAP, recall</source>
        <translation>检测：mAP、召回率</translation>
    </message>
    <message>
        <source>outputs: cosine with float</source>
        <translation>输出：与浮点的余弦</translation>
    </message>
    <message>
        <source>what a hook says</source>
        <translation>钩子给出的分数</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>A folder, folders of classes, or MNIST&apos;s file</source>
        <translation>文件夹、按类别分的文件夹，或 MNIST 的文件</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>At most so many images</source>
        <translation>最多取这么多张图片</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>What is right</source>
        <translation>正确答案</translation>
    </message>
    <message>
        <source>the folders&apos; names</source>
        <translation>文件夹的名称</translation>
    </message>
    <message>
        <source>float&apos;s answers</source>
        <translation>浮点的答案</translation>
    </message>
    <message>
        <source>a file:</source>
        <translation>文件：</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>name and class a line, COCO&apos;s JSON, YOLO&apos;s folder…</source>
        <translation>每行名称和类别、COCO 的 JSON、YOLO 的文件夹…</translation>
    </message>
    <message>
        <source>Names of the classes</source>
        <translation>类别名称</translation>
    </message>
    <message>
        <source>one a line; not needed for numbers</source>
        <translation>每行一个；标签为数字时不需要</translation>
    </message>
    <message>
        <source>What the labels call the first class</source>
        <translation>标签中第一个类别的编号</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>by the outputs&apos; shapes</source>
        <translation>按输出形状判断</translation>
    </message>
    <message>
        <source>Hook</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>your own Python, for other outputs</source>
        <translation>自己的 Python，用于其他输出</translation>
    </message>
    <message>
        <source>Choose the images: a folder, or a file of them.</source>
        <translation>请选择图片：文件夹，或包含图片的文件。</translation>
    </message>
    <message>
        <source>Choose at least one source.</source>
        <translation>请至少选择一个来源。</translation>
    </message>
    <message>
        <source>Choose the hook that says the score.</source>
        <translation>请选择给出分数的钩子。</translation>
    </message>
    <message>
        <source>Float&apos;s answers are to be right: choose float as a source, too.</source>
        <translation>以浮点的答案为准：请把浮点也选为来源。</translation>
    </message>
    <message>
        <source>Choose the file of labels.</source>
        <translation>请选择标签文件。</translation>
    </message>
    <message>
        <source>Say what is on the images: a file of labels, or float&apos;s answers.</source>
        <translation>请说明图片的内容：标签文件，或浮点的答案。</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>最多</translation>
    </message>
    <message>
        <source>first class</source>
        <translation>首个类别</translation>
    </message>
    <message>
        <source>least score</source>
        <translation>最低分数</translation>
    </message>
    <message>
        <source>what</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>images</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>right is</source>
        <translation>正确答案</translation>
    </message>
    <message>
        <source>names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>decoder</source>
        <translation>解码器</translation>
    </message>
    <message>
        <source>hook</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Folder of images</source>
        <translation>图片文件夹</translation>
    </message>
    <message>
        <source>Less sure objects do not count</source>
        <translation>分数更低的目标不计</translation>
    </message>
</context>
<context>
    <name>AccuracyPage</name>
    <message>
        <source>What is measured</source>
        <translation>测量什么</translation>
    </message>
    <message>
        <source>Show or hide what is measured</source>
        <translation>显示或隐藏测量内容</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Open the image as a session</source>
        <translation>将图片打开为会话</translation>
    </message>
    <message>
        <source>Accuracy of each source</source>
        <translation>各来源的精度</translation>
    </message>
    <message>
        <source>Images on which float and quantised disagree</source>
        <translation>浮点与量化不一致的图片</translation>
    </message>
    <message>
        <source>all sources</source>
        <translation>所有来源</translation>
    </message>
    <message>
        <source>images: {0}</source>
        <translation>图片：{0}</translation>
    </message>
    <message>
        <source>images on which they disagree: {0}</source>
        <translation>不一致的图片：{0}</translation>
    </message>
    <message>
        <source>They agree on all images.</source>
        <translation>所有图片都一致。</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>尚未打开网络。</translation>
    </message>
    <message>
        <source>Measure: then each source&apos;s figures stand here, and the images on which they disagree.</source>
        <translation>测量之后，这里显示各来源的数字，以及不一致的图片。</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>试用演示(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Commands…</source>
        <translation>命令(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Diagnose &amp;each run</source>
        <translation>每次运行后自动诊断(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Bundle for the vendor…</source>
        <translation>给原厂的问题包(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Add inputs…</source>
        <translation>添加输入(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Import dumps…</source>
        <translation>导入转储(&amp;I)…</translation>
    </message>
    <message>
        <source>Import a &amp;plan…</source>
        <translation>导入量化方案(&amp;P)…</translation>
    </message>
    <message>
        <source>Re&amp;move the plan</source>
        <translation>移除量化方案(&amp;M)</translation>
    </message>
    <message>
        <source>Compare &amp;vendor with embedded</source>
        <translation>比较原厂与内置模拟器(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Back to the session&apos;s own results</source>
        <translation>回到会话自己的结果(&amp;B)</translation>
    </message>
    <message>
        <source>Next &amp;worse layer</source>
        <translation>更差的层(&amp;W)</translation>
    </message>
    <message>
        <source>Next &amp;better layer</source>
        <translation>更好的层(&amp;B)</translation>
    </message>
    <message>
        <source>Worst layers &amp;first</source>
        <translation>最差的层在前(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Find a layer</source>
        <translation>查找层(&amp;F)</translation>
    </message>
    <message>
        <source>Filter the &amp;table</source>
        <translation>筛选表格(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Settings</source>
        <translation>设置(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Inspector</source>
        <translation>检查器(&amp;I)</translation>
    </message>
    <message>
        <source>Mixed &amp;precision</source>
        <translation>混合精度(&amp;J)</translation>
    </message>
    <message>
        <source>&amp;Effect of each layer</source>
        <translation>各层的影响(&amp;E)</translation>
    </message>
    <message>
        <source>Log and &amp;messages</source>
        <translation>日志与消息(&amp;M)</translation>
    </message>
    <message>
        <source>Restore the la&amp;yout</source>
        <translation>恢复布局(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Tour of the demo</source>
        <translation>演示导览(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;About RKNN Workbench</source>
        <translation>关于 RKNN Workbench(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Set up toolkit…</source>
        <translation>设置工具包(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Convert to .rknn…</source>
        <translation>转换为 .rknn(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Paste a report or log</source>
        <translation>粘贴报告或日志(&amp;P)</translation>
    </message>
    <message>
        <source>Open a &amp;report of the toolkit…</source>
        <translation>打开工具包的报告(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Explain a log…</source>
        <translation>解释日志(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Mixed precision with the toolkit…</source>
        <translation>用工具包混合量化(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Boards…</source>
        <translation>开发板(&amp;B)…</translation>
    </message>
    <message>
        <source>Accurac&amp;y on a data set</source>
        <translation>数据集上的精度(&amp;Y)</translation>
    </message>
    <message>
        <source>The boar&amp;d</source>
        <translation>开发板(&amp;D)</translation>
    </message>
    <message>
        <source>The C prog&amp;ram</source>
        <translation>C 程序(&amp;R)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>Dia&amp;gnose</source>
        <translation>诊断(&amp;G)</translation>
    </message>
    <message>
        <source>Fi&amp;ndings</source>
        <translation>诊断结果(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Graph</source>
        <translation>计算图(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>T&amp;heme</source>
        <translation>主题(&amp;H)</translation>
    </message>
    <message>
        <source>Te&amp;xt size</source>
        <translation>文字大小(&amp;X)</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>没有打开的网络。</translation>
    </message>
    <message>
        <source>A run is under way.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>Nothing runs.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>Another program has the session open.</source>
        <translation>另一个程序已打开该会话。</translation>
    </message>
    <message>
        <source>No settings have been changed.</source>
        <translation>尚未更改任何设置。</translation>
    </message>
    <message>
        <source>Nothing has been undone.</source>
        <translation>没有可重做的更改。</translation>
    </message>
    <message>
        <source>Search &amp;layers to spare</source>
        <translation>搜索需保持高精度的层(&amp;L)</translation>
    </message>
    <message>
        <source>S&amp;weep settings…</source>
        <translation>参数扫描(&amp;W)…</translation>
    </message>
    <message>
        <source>&amp;Accuracy on a data set…</source>
        <translation>数据集上的精度(&amp;A)…</translation>
    </message>
    <message>
        <source>Connect to a c&amp;luster…</source>
        <translation>连接到集群(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;First steps</source>
        <translation>入门(&amp;F)</translation>
    </message>
    <message>
        <source>From a wrong board result to the ca&amp;use</source>
        <translation>从板端的错误结果到原因(&amp;J)</translation>
    </message>
    <message>
        <source>The &amp;window and its keys</source>
        <translation>窗口与快捷键(&amp;W)</translation>
    </message>
    <message>
        <source>Inputs and &amp;preprocessing</source>
        <translation>输入与预处理(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Quantization and chips</source>
        <translation>量化与芯片(&amp;Q)</translation>
    </message>
    <message>
        <source>F&amp;indings</source>
        <translation>诊断结果(&amp;I)</translation>
    </message>
    <message>
        <source>Mixed preci&amp;sion</source>
        <translation>混合精度(&amp;U)</translation>
    </message>
    <message>
        <source>Sweeps and many mac&amp;hines</source>
        <translation>参数扫描与多台机器(&amp;H)</translation>
    </message>
    <message>
        <source>Networks that are not ONN&amp;X</source>
        <translation>非 ONNX 网络(&amp;X)</translation>
    </message>
    <message>
        <source>The &amp;vendor&apos;s toolkit</source>
        <translation>原厂工具包(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Messages of the toolkit</source>
        <translation>工具包的错误信息(&amp;S)</translation>
    </message>
    <message>
        <source>The command &amp;line</source>
        <translation>命令行(&amp;M)</translation>
    </message>
    <message>
        <source>Every command and option</source>
        <translation>全部命令和选项</translation>
    </message>
    <message>
        <source>W&amp;ords, here and at Rockchip</source>
        <translation>术语对照(&amp;O)</translation>
    </message>
    <message>
        <source>The &amp;graph</source>
        <translation>计算图(&amp;G)</translation>
    </message>
    <message>
        <source>Open a session&apos;s &amp;folder…</source>
        <translation>打开会话文件夹(&amp;F)…</translation>
    </message>
    <message>
        <source>C&amp;ompare…</source>
        <translation>比较(&amp;D)…</translation>
    </message>
    <message>
        <source>Worst inp&amp;ut of the layer</source>
        <translation>该层最差的输入(&amp;P)</translation>
    </message>
    <message>
        <source>Repair a &amp;file…</source>
        <translation>修复文件(&amp;F)…</translation>
    </message>
    <message>
        <source>Check the C pro&amp;gram…</source>
        <translation>检查 C 程序(&amp;G)…</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;U)</translation>
    </message>
    <message>
        <source>The layer ta&amp;ble</source>
        <translation>层列表(&amp;L)</translation>
    </message>
    <message>
        <source>T&amp;ensors in all views</source>
        <translation>张量的各种视图(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Comparing, inputs and runs</source>
        <translation>比较、输入与运行(&amp;C)</translation>
    </message>
    <message>
        <source>What the &amp;numbers mean</source>
        <translation>数值的含义(&amp;N)</translation>
    </message>
</context>
<context>
    <name>AttributesPage</name>
    <message>
        <source>Printed attributes</source>
        <translation>打印出的属性</translation>
    </message>
    <message>
        <source>Paste what the program prints of its tensors (dump_tensor_attr), one or many.</source>
        <translation>粘贴程序打印的张量属性（dump_tensor_attr），一个或多个均可。</translation>
    </message>
</context>
<context>
    <name>AxesBar</name>
    <message>
        <source>Axis of the rows</source>
        <translation>行对应的轴</translation>
    </message>
    <message>
        <source>Axis of the columns</source>
        <translation>列对应的轴</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>AxisLine</name>
    <message>
        <source>other numbers</source>
        <translation>其他数目</translation>
    </message>
    <message>
        <source>Other numbers of calibration inputs</source>
        <translation>其他校准输入数目</translation>
    </message>
    <message>
        <source>as the session: {0}</source>
        <translation>与会话相同：{0}</translation>
    </message>
    <message>
        <source>as the session</source>
        <translation>与会话相同</translation>
    </message>
</context>
<context>
    <name>BlameTable</name>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>Adds</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Lost by step</source>
        <translation>各步骤的误差</translation>
    </message>
    <message>
        <source>Inherits</source>
        <translation>传入</translation>
    </message>
    <message>
        <source>Costs</source>
        <translation>影响</translation>
    </message>
    <message>
        <source>Saves</source>
        <translation>可减</translation>
    </message>
    <message>
        <source>Squared relative errors of the steps, which add up</source>
        <translation>各步骤相对误差的平方，可以相加</translation>
    </message>
    <message>
        <source>Relative error of the layer, all steps together</source>
        <translation>该层所有步骤合计的相对误差</translation>
    </message>
    <message>
        <source>Relative error that the layer adds itself, on golden inputs</source>
        <translation>以 golden 为输入时，该层自身新增的相对误差</translation>
    </message>
    <message>
        <source>What is left of its error: it comes from the layers before</source>
        <translation>其误差的其余部分：来自前面的层</translation>
    </message>
    <message>
        <source>Share of the outputs&apos; error that is there when only this layer is quantised</source>
        <translation>仅量化此层时，输出误差所占的比例</translation>
    </message>
    <message>
        <source>Share of the outputs&apos; error that goes when only this layer is float</source>
        <translation>仅将此层改为浮点时，输出误差减少的比例</translation>
    </message>
    <message>
        <source>conversion</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
</context>
<context>
    <name>BlameView</name>
    <message>
        <source>What each step costs a layer</source>
        <translation>每一步给每层带来的误差</translation>
    </message>
    <message>
        <source>Blame of each layer</source>
        <translation>每层的误差归因</translation>
    </message>
    <message>
        <source>Diagnose the session; then it is told here what each step costs a layer.</source>
        <translation>请先诊断会话，这里随后会显示每一步给每层带来的误差。</translation>
    </message>
    <message>
        <source>Measure each layer</source>
        <translation>逐层测量</translation>
    </message>
    <message>
        <source>Quantise each layer alone, and each alone in float: what it costs and saves the outputs</source>
        <translation>逐一只量化一层、再逐一只让一层保持浮点：测出它对输出的影响和可减少的误差</translation>
    </message>
    <message>
        <source>The error is that of input 1, the other columns are means of all.</source>
        <translation>误差为输入 1 的误差，其余各列为所有输入的平均值。</translation>
    </message>
    <message>
        <source>conversion</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
</context>
<context>
    <name>BoardDialog</name>
    <message>
        <source>Add a board</source>
        <translation>添加开发板</translation>
    </message>
    <message>
        <source>Change a board</source>
        <translation>修改开发板</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>ADB (USB or network)</source>
        <translation>ADB（USB 或网络）</translation>
    </message>
    <message>
        <source>SSH</source>
        <translation>SSH</translation>
    </message>
    <message>
        <source>This machine is the board</source>
        <translation>本机就是开发板</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>as the board says</source>
        <translation>以开发板报告的为准</translation>
    </message>
    <message>
        <source>Chip</source>
        <translation>芯片</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>found out: /userdata, /data/local/tmp, home, /tmp</source>
        <translation>自动查找：/userdata、/data/local/tmp、主目录、/tmp</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>A serial number, or IP:PORT of a board whose adbd listens on the network.</source>
        <translation>序列号，或 adbd 监听网络的开发板的 IP:端口。</translation>
    </message>
    <message>
        <source>user@host, user@host:port, or a host of ~/.ssh/config. Keys and the agent are used first.</source>
        <translation>user@host、user@host:端口，或 ~/.ssh/config 中的主机。优先使用密钥和 agent。</translation>
    </message>
    <message>
        <source>The workbench runs on the board itself.</source>
        <translation>本程序直接运行在开发板上。</translation>
    </message>
    <message>
        <source>adb sees: {0}</source>
        <translation>adb 发现：{0}</translation>
    </message>
    <message>
        <source>adb sees no device now. IP:PORT works too, where adbd listens on the network.</source>
        <translation>adb 目前没有发现设备。若 adbd 监听网络，也可以填写 IP:端口。</translation>
    </message>
    <message>
        <source>There is a board of this name already.</source>
        <translation>已有同名的开发板。</translation>
    </message>
</context>
<context>
    <name>BoardList</name>
    <message>
        <source>Boards</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Chip</source>
        <translation>芯片</translation>
    </message>
    <message>
        <source>Forget the chosen board</source>
        <translation>移除所选的开发板</translation>
    </message>
    <message>
        <source>◌ not tried</source>
        <translation>◌ 未测试</translation>
    </message>
    <message>
        <source>◌ trying…</source>
        <translation>◌ 正在连接…</translation>
    </message>
    <message>
        <source>◌ looking…</source>
        <translation>◌ 正在检查…</translation>
    </message>
    <message>
        <source>✖ not reached</source>
        <translation>✖ 无法连接</translation>
    </message>
    <message>
        <source>● answers</source>
        <translation>● 有应答</translation>
    </message>
    <message>
        <source>● examined: fine</source>
        <translation>● 已检查：正常</translation>
    </message>
    <message>
        <source>▲ findings: {0}</source>
        <translation>▲ 发现问题：{0}</translation>
    </message>
</context>
<context>
    <name>BoardOptions</name>
    <message>
        <source>Boards…</source>
        <translation>开发板…</translation>
    </message>
    <message>
        <source>The .rknn that runs there</source>
        <translation>在开发板上运行的 .rknn</translation>
    </message>
    <message>
        <source>Dump in the network&apos;s own types</source>
        <translation>以网络自身的数据类型转储</translation>
    </message>
    <message>
        <source>Measure the time of each layer, too</source>
        <translation>同时测量每层的耗时</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>What runs on the board that gives the runtime&apos;s values</source>
        <translation>在提供 runtime 数值的开发板上运行什么</translation>
    </message>
    <message>
        <source>Vendor&apos;s toolkit (adb only)</source>
        <translation>厂商工具包（仅 adb）</translation>
    </message>
    <message>
        <source>Our runner on rknn-toolkit-lite2</source>
        <translation>基于 rknn-toolkit-lite2 的自带运行器</translation>
    </message>
    <message>
        <source>A command of yours</source>
        <translation>自定义命令</translation>
    </message>
    <message>
        <source>RKNPU1 (RK1808, RV1126 …)</source>
        <translation>RKNPU1（RK1808、RV1126 …）</translation>
    </message>
    <message>
        <source>raw: the .rknn normalises</source>
        <translation>原始值：由 .rknn 归一化</translation>
    </message>
    <message>
        <source>normalised: the .rknn takes it as it is</source>
        <translation>已归一化：.rknn 直接使用</translation>
    </message>
    <message>
        <source>What runs on the board</source>
        <translation>在开发板上运行的内容</translation>
    </message>
    <message>
        <source>converted by the toolkit</source>
        <translation>由工具包转换</translation>
    </message>
    <message>
        <source>Runner</source>
        <translation>运行方式</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>The runtime&apos;s values are imported dumps.</source>
        <translation>runtime 的数值来自导入的转储。</translation>
    </message>
    <message>
        <source>No board is chosen: choose one at the button “Runtime”.</source>
        <translation>尚未选择开发板：请在“Runtime”按钮处选择。</translation>
    </message>
</context>
<context>
    <name>Boards</name>
    <message>
        <source>Test {0}</source>
        <translation>测试 {0}</translation>
    </message>
    <message>
        <source>Examine {0}</source>
        <translation>检查 {0}</translation>
    </message>
    <message>
        <source>Answers as</source>
        <translation>自报名称</translation>
    </message>
    <message>
        <source>Time of an answer</source>
        <translation>应答时间</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Free there</source>
        <translation>可用空间</translation>
    </message>
    <message>
        <source>Chip</source>
        <translation>芯片</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>Runtime library</source>
        <translation>runtime 库</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务程序</translation>
    </message>
    <message>
        <source>Server runs</source>
        <translation>服务程序在运行</translation>
    </message>
    <message>
        <source>Toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>Folder of dumps</source>
        <translation>转储文件夹</translation>
    </message>
    <message>
        <source>Working folder</source>
        <translation>工作文件夹</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>环境变量</translation>
    </message>
</context>
<context>
    <name>BoardsDialog</name>
    <message>
        <source>Boards</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>No board is known yet: add one.</source>
        <translation>还没有开发板：请添加。</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Run on it</source>
        <translation>在其上运行</translation>
    </message>
    <message>
        <source>A board is reached by adb or ssh, or is this machine. Nothing is installed on it, and what will run on it is shown first.</source>
        <translation>通过 adb 或 ssh 连接开发板，本机也可以是开发板。不会在上面安装任何东西，要运行的内容会先显示出来。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Callout</name>
    <message>
        <source>Tour of the demo</source>
        <translation>演示导览</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>结束导览</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Never again</source>
        <translation>不再显示</translation>
    </message>
    <message>
        <source>Ends the tour; it comes again with the next demo (Esc)</source>
        <translation>结束导览；下次打开演示时会再出现 (Esc)</translation>
    </message>
    <message>
        <source>Ends the tour for good; the Help menu has it</source>
        <translation>不再自动显示；可从“帮助”菜单打开</translation>
    </message>
    <message>
        <source>&amp;Done</source>
        <translation>完成(&amp;D)</translation>
    </message>
</context>
<context>
    <name>Channels</name>
    <message>
        <source>range of {0}</source>
        <translation>{0} 的范围</translation>
    </message>
</context>
<context>
    <name>ChannelsPane</name>
    <message>
        <source>What is ranked</source>
        <translation>排名对象</translation>
    </message>
    <message>
        <source>Rank by</source>
        <translation>排序依据</translation>
    </message>
    <message>
        <source>Channels by their error</source>
        <translation>按误差排列的通道</translation>
    </message>
    <message>
        <source>Copy the channels</source>
        <translation>复制通道表</translation>
    </message>
    <message>
        <source>Show the channel in the planes</source>
        <translation>在平面图中显示该通道</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <source>by</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>Reading the whole tensor …</source>
        <translation>正在读取整个张量…</translation>
    </message>
    <message>
        <source>There is nothing to compare.</source>
        <translation>没有可比较的内容。</translation>
    </message>
    <message>
        <source>widest range is {0} × the narrowest</source>
        <translation>最宽范围是最窄的 {0} 倍</translation>
    </message>
    <message>
        <source>All share one scale: the narrowest has {0} of its bits less.</source>
        <translation>它们共用一个 scale：范围最窄的损失 {0} 位。</translation>
    </message>
</context>
<context>
    <name>Charts</name>
    <message>
        <source>board</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>divergence</source>
        <translation>散度</translation>
    </message>
    <message>
        <source>extent</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>magnitude</source>
        <translation>绝对值</translation>
    </message>
    <message>
        <source>needed</source>
        <translation>所需</translation>
    </message>
    <message>
        <source>part</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>rounding</source>
        <translation>舍入误差</translation>
    </message>
    <message>
        <source>session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>simulator</source>
        <translation>模拟器</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>{0} (analysed)</source>
        <translation>{0}（分析的输入）</translation>
    </message>
</context>
<context>
    <name>ChoicePanel</name>
    <message>
        <source>A cheaper choice</source>
        <translation>代价更小的方案</translation>
    </message>
    <message>
        <source>A dearer choice</source>
        <translation>代价更大的方案</translation>
    </message>
    <message>
        <source>Choice {0} of {1}</source>
        <translation>方案 {0}，共 {1} 个</translation>
    </message>
    <message>
        <source>Outputs, layers and conversions of the choice</source>
        <translation>方案的输出、层和转换</translation>
    </message>
    <message>
        <source>Mixed precision</source>
        <translation>混合精度</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>cos, quantized → so</source>
        <translation>cos，量化 → 方案</translation>
    </message>
    <message>
        <source>Island {0}</source>
        <translation>连续区段 {0}</translation>
    </message>
    <message>
        <source>Conversions</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>predicted | actual</source>
        <translation>预测 | 实际</translation>
    </message>
    <message>
        <source>{0}, input {1}</source>
        <translation>{0}，输入 {1}</translation>
    </message>
    <message>
        <source>not converted, though predicted</source>
        <translation>预测有转换，实际没有</translation>
    </message>
    <message>
        <source>converted besides</source>
        <translation>额外的转换</translation>
    </message>
</context>
<context>
    <name>Choosing</name>
    <message>
        <source>Open a network, a session or a report</source>
        <translation>打开网络、会话或报告</translation>
    </message>
    <message>
        <source>Open a session&apos;s folder</source>
        <translation>打开会话文件夹</translation>
    </message>
    <message>
        <source>Save the session as a new folder</source>
        <translation>将会话另存为新文件夹</translation>
    </message>
</context>
<context>
    <name>ClusterDialog</name>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Address of the scheduler</source>
        <translation>调度器的地址</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>Sweeps, searches and evaluations can be computed by other machines: by the workers of a dask scheduler. Start one there, and a worker on each machine; boards are named as resources of the worker that reaches them.</source>
        <translation>参数扫描、搜索和精度测量可以由其他机器计算：由 dask 调度器的 worker 完成。请在那里启动调度器，并在每台机器上启动 worker；开发板作为连接它的 worker 的资源来命名。</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Scheduler</source>
        <translation>调度器</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Worker</translation>
    </message>
    <message>
        <source>Worker</source>
        <translation>Worker</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Resources</source>
        <translation>资源</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Not connected: this machine computes.</source>
        <translation>未连接：由本机计算。</translation>
    </message>
    <message>
        <source>Connected, but nobody works there yet: start a worker.</source>
        <translation>已连接，但还没有 worker：请启动一个。</translation>
    </message>
    <message>
        <source>Connected: {0} workers, {1} tasks at a time.</source>
        <translation>已连接：{0} 个 worker，同时 {1} 个任务。</translation>
    </message>
</context>
<context>
    <name>Clusters</name>
    <message>
        <source>Connected: sweeps, searches and evaluations are computed at {0}.</source>
        <translation>已连接：参数扫描、搜索和精度测量在 {0} 上计算。</translation>
    </message>
    <message>
        <source>The cluster that computes</source>
        <translation>负责计算的集群</translation>
    </message>
    <message>
        <source>▲ cluster lost</source>
        <translation>▲ 集群已断开</translation>
    </message>
    <message>
        <source>cluster: connecting…</source>
        <translation>集群：正在连接…</translation>
    </message>
    <message>
        <source>cluster: {0} workers</source>
        <translation>集群：{0} 个 worker</translation>
    </message>
</context>
<context>
    <name>CodePage</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>pass_through=1: the program quantises itself</source>
        <translation>pass_through=1：程序自行量化</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Preprocessing and encodings are those of the open session.</source>
        <translation>预处理和量化参数取自当前会话。</translation>
    </message>
    <message>
        <source>Open a network first: the constants are those of its session.</source>
        <translation>请先打开网络：常量取自其会话。</translation>
    </message>
</context>
<context>
    <name>ColouringButton</name>
    <message>
        <source>Coloured by: {0}</source>
        <translation>着色依据：{0}</translation>
    </message>
</context>
<context>
    <name>ColoursButton</name>
    <message>
        <source>Range of colours, picture below (O)</source>
        <translation>颜色范围、底图 (O)</translation>
    </message>
    <message>
        <source>Range of colours, picture below</source>
        <translation>颜色范围、底图</translation>
    </message>
    <message>
        <source>Over the picture of the input</source>
        <translation>叠加在输入图片上</translation>
    </message>
</context>
<context>
    <name>ColoursPopup</name>
    <message>
        <source>All values</source>
        <translation>全部数值</translation>
    </message>
    <message>
        <source>Central 99 %</source>
        <translation>中间 99 %</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Over the picture of the input</source>
        <translation>叠加在输入图片上</translation>
    </message>
    <message>
        <source>Opacity of the values over the picture</source>
        <translation>数值叠加在图片上的不透明度</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Only for pictures and tensors with height and width.</source>
        <translation>仅适用于图片输入，且张量具有高和宽。</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Range of the colours, in all panes</source>
        <translation>颜色范围（所有窗格）</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
</context>
<context>
    <name>ColumnsPopup</name>
    <message>
        <source>Defaults</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>The usual columns, as many as have room</source>
        <translation>常用的列，按可用宽度显示</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>A command, by a few letters</source>
        <translation>输入几个字查找命令</translation>
    </message>
    <message>
        <source>No command has these letters.</source>
        <translation>没有匹配的命令。</translation>
    </message>
</context>
<context>
    <name>CompareBar</name>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Compare something else (Ctrl+D)</source>
        <translation>比较其他内容 (Ctrl+D)</translation>
    </message>
    <message>
        <source>Back to the session&apos;s own results</source>
        <translation>回到会话自己的结果</translation>
    </message>
    <message>
        <source>They are as they were (Esc)</source>
        <translation>会话自己的结果保持不变 (Esc)</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Nothing that is known of the sides differs.</source>
        <translation>已知的设置和版本均相同。</translation>
    </message>
    <message>
        <source>Differences: {0}</source>
        <translation>差异：{0}</translation>
    </message>
    <message>
        <source>Comparing {0}</source>
        <translation>正在比较 {0}</translation>
    </message>
    <message>
        <source>Comparing in {0}:</source>
        <translation>正在比较 {0} 中的：</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Exchange A and B</source>
        <translation>交换 A 与 B</translation>
    </message>
    <message>
        <source>Each side is a source of a session or saved dumps. B and C are measured against A; tensors are matched by their names in both networks.</source>
        <translation>每一方是会话的一个来源或已保存的转储。B 和 C 以 A 为基准；张量按两个网络中的名称匹配。</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>measured too</source>
        <translation>比较对象 2</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>Only where names differ: a line a pair, theirs and A&apos;s</source>
        <translation>仅在名称不同时需要：每行一对，对方的名称和 A 的名称</translation>
    </message>
    <message>
        <source>Map of names</source>
        <translation>名称映射</translation>
    </message>
    <message>
        <source>The memory layout of dumps that are no session&apos;s</source>
        <translation>不属于会话的转储的内存布局</translation>
    </message>
    <message>
        <source>Layout of dumps</source>
        <translation>转储布局</translation>
    </message>
    <message>
        <source>From which input dumps that are no session&apos;s were computed</source>
        <translation>不属于会话的转储由哪个输入计算得到</translation>
    </message>
    <message>
        <source>Input of dumps</source>
        <translation>转储的输入</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Maps of names</source>
        <translation>名称映射</translation>
    </message>
    <message>
        <source>{0} has no values yet: open that session and run it.</source>
        <translation>{0} 方还没有数值：请打开该会话并运行。</translation>
    </message>
    <message>
        <source>Choose A and B.</source>
        <translation>请选择 A 和 B。</translation>
    </message>
    <message>
        <source>Choose values of the same network, or give a map of names.</source>
        <translation>请选择同一网络的数值，或提供名称映射。</translation>
    </message>
    <message>
        <source>{0}: {1} tensors match, {2} have no partner.</source>
        <translation>{0}：{1} 个张量匹配，{2} 个没有对应项。</translation>
    </message>
    <message>
        <source>Inputs in common: {0}.</source>
        <translation>共同的输入：{0}。</translation>
    </message>
    <message>
        <source>What differs: {0}</source>
        <translation>差异：{0}</translation>
    </message>
    <message>
        <source>Nothing that is known of the sides differs.</source>
        <translation>已知的设置和版本均相同。</translation>
    </message>
</context>
<context>
    <name>Comparer</name>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
</context>
<context>
    <name>Comparisons</name>
    <message>
        <source>The session&apos;s own results are shown.</source>
        <translation>当前显示的就是会话自己的结果。</translation>
    </message>
</context>
<context>
    <name>Constants</name>
    <message>
        <source>channel {0}:  {1}</source>
        <translation>通道 {0}：{1}</translation>
    </message>
    <message>
        <source>stored {0} … {1}</source>
        <translation>存储范围 {0} … {1}</translation>
    </message>
</context>
<context>
    <name>ConstantsList</name>
    <message>
        <source>Constants of the layer</source>
        <translation>该层的常量</translation>
    </message>
</context>
<context>
    <name>ConstantsPane</name>
    <message>
        <source>Ranges of the output channels</source>
        <translation>各输出通道的范围</translation>
    </message>
    <message>
        <source>Histogram of the constant</source>
        <translation>常量的直方图</translation>
    </message>
    <message>
        <source>Values of the constant</source>
        <translation>常量的值</translation>
    </message>
    <message>
        <source>sorted</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Open a network to see its weights.</source>
        <translation>打开网络以查看其权重。</translation>
    </message>
    <message>
        <source>Select a layer to see its weights.</source>
        <translation>选择一个层以查看其权重。</translation>
    </message>
    <message>
        <source>Weights can be seen of ONNX networks only.</source>
        <translation>仅可查看 ONNX 网络的权重。</translation>
    </message>
    <message>
        <source>This layer has no weights or other constants. Layers like Conv and MatMul have.</source>
        <translation>该层没有权重或其他常量。Conv、MatMul 等层才有。</translation>
    </message>
    <message>
        <source>as deployed: BatchNorm folded in</source>
        <translation>部署形式：已折叠 BatchNorm</translation>
    </message>
    <message>
        <source>The network&apos;s own weights times the factors of {0}.</source>
        <translation>网络自身的权重乘以 {0} 的系数。</translation>
    </message>
    <message>
        <source>the network&apos;s own integers</source>
        <translation>网络自身的整数</translation>
    </message>
    <message>
        <source>The network brings its own quantization: these are the integers that it stores.</source>
        <translation>网络自带量化：这些是它存储的整数。</translation>
    </message>
    <message>
        <source>the network&apos;s own values</source>
        <translation>网络自身的值</translation>
    </message>
    <message>
        <source>As they stand in the network&apos;s file: nothing is folded into them, nothing is quantised.</source>
        <translation>与网络文件中一致：未折叠，也未量化。</translation>
    </message>
    <message>
        <source>It holds no numbers.</source>
        <translation>其中没有数值。</translation>
    </message>
    <message>
        <source>widest channel {0} × the narrowest</source>
        <translation>最宽通道是最窄的 {0} 倍</translation>
    </message>
    <message>
        <source>With one scale for the whole layer the narrowest channel has {0} bits less.</source>
        <translation>若整层共用一个 scale，最窄的通道会损失 {0} 位。</translation>
    </message>
    <message>
        <source>channel {0}</source>
        <translation>通道 {0}</translation>
    </message>
</context>
<context>
    <name>Conversions</name>
    <message>
        <source>No network is open.</source>
        <translation>尚未打开网络。</translation>
    </message>
    <message>
        <source>Convert to {0}</source>
        <translation>转换为 {0}</translation>
    </message>
    <message>
        <source>Converted: {0}</source>
        <translation>已转换：{0}</translation>
    </message>
    <message>
        <source>Mixed precision</source>
        <translation>混合量化</translation>
    </message>
    <message>
        <source>{0} was cancelled.</source>
        <translation>已取消{0}。</translation>
    </message>
    <message>
        <source>Layers in another precision: {0}.</source>
        <translation>使用其他精度的层数：{0}。</translation>
    </message>
</context>
<context>
    <name>ConvertDialog</name>
    <message>
        <source>Convert to .rknn</source>
        <translation>转换为 .rknn</translation>
    </message>
    <message>
        <source>Change settings…</source>
        <translation>更改设置…</translation>
    </message>
    <message>
        <source>Mixed precision…</source>
        <translation>混合量化…</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>转换</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标平台</translation>
    </message>
    <message>
        <source>Single layers</source>
        <translation>个别层</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>none in another precision</source>
        <translation>没有层使用其他精度</translation>
    </message>
    <message>
        <source>{0} stay in float16 or int16 as in the settings; the toolkit quantizes in two steps</source>
        <translation>按设置有 {0} 层保持 float16 或 int16；工具包分两步量化</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Report of a defect</source>
        <translation>缺陷报告</translation>
    </message>
    <message>
        <source>This was written down and not sent. Read it, take out what is nobody&apos;s business, and send it to where you have the program from, with a sentence about what you did.</source>
        <translation>以下内容只写入了文件，没有发送。请阅读并删去不便公开的内容，再附上一句您当时的操作，发送给程序的提供方。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Mixed</source>
        <translation>混合精度</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Nothing has run yet.</source>
        <translation>尚未运行。</translation>
    </message>
    <message>
        <source>No messages.</source>
        <translation>没有消息。</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Enter or a double click shows a message again, with what can be done</source>
        <translation>按 Enter 或双击可再次显示消息及可采取的操作</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Copy messages</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Clear messages</source>
        <translation>清除消息</translation>
    </message>
    <message>
        <source>Close (Ctrl+J)</source>
        <translation>关闭 (Ctrl+J)</translation>
    </message>
</context>
<context>
    <name>Diagnoses</name>
    <message>
        <source>Blame</source>
        <translation>误差归因</translation>
    </message>
    <message>
        <source>Something runs.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>Run first: there are no results yet.</source>
        <translation>请先运行：还没有结果。</translation>
    </message>
</context>
<context>
    <name>Diagnosing</name>
    <message>
        <source>Diagnose</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Measure each layer</source>
        <translation>逐层测量</translation>
    </message>
    <message>
        <source>What the C program fed</source>
        <translation>C 程序送入的数据</translation>
    </message>
    <message>
        <source>Try: {0}</source>
        <translation>尝试：{0}</translation>
    </message>
    <message>
        <source>Apply: {0}</source>
        <translation>应用：{0}</translation>
    </message>
    <message>
        <source>Folder of many typical inputs</source>
        <translation>包含大量典型输入的文件夹</translation>
    </message>
    <message>
        <source>Choose calibration inputs</source>
        <translation>挑选校准输入</translation>
    </message>
    <message>
        <source>Take a fix back</source>
        <translation>撤回修复</translation>
    </message>
</context>
<context>
    <name>Diagnosis</name>
    <message>
        <source>Reference in float</source>
        <translation>浮点参考</translation>
    </message>
    <message>
        <source>Simulator in float16</source>
        <translation>模拟器，float16</translation>
    </message>
    <message>
        <source>Simulator, quantised</source>
        <translation>模拟器，量化</translation>
    </message>
    <message>
        <source>Connected board</source>
        <translation>连接的开发板</translation>
    </message>
    <message>
        <source>C program</source>
        <translation>C 程序</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>bad</source>
        <translation>有问题</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>尚不能运行</translation>
    </message>
    <message>
        <source>worth knowing</source>
        <translation>值得了解</translation>
    </message>
    <message>
        <source>almost certain, {0}</source>
        <translation>几乎确定，{0}</translation>
    </message>
    <message>
        <source>likely, {0}</source>
        <translation>很可能，{0}</translation>
    </message>
    <message>
        <source>possible, {0}</source>
        <translation>有可能，{0}</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>全部丢失</translation>
    </message>
</context>
<context>
    <name>DiagnosisView</name>
    <message>
        <source>Findings</source>
        <translation>诊断结果</translation>
    </message>
    <message>
        <source>Diagnose</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Blame of each layer</source>
        <translation>每层的误差归因</translation>
    </message>
    <message>
        <source>What conversion, quantization and the board cost each layer</source>
        <translation>转换、量化和板端各给每层带来多少误差</translation>
    </message>
    <message>
        <source>Bundle for the vendor…</source>
        <translation>给原厂的问题包…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Applied: {0}</source>
        <translation>已应用：{0}</translation>
    </message>
    <message>
        <source>Run the session (F5); then it can be said why the numbers part.</source>
        <translation>请先运行会话（F5），之后才能说明数值为何出现偏差。</translation>
    </message>
    <message>
        <source>Nothing has been looked for yet.</source>
        <translation>尚未进行诊断。</translation>
    </message>
    <message>
        <source>These findings are of an earlier run: diagnose again.</source>
        <translation>这些结果属于之前的运行：请重新诊断。</translation>
    </message>
    <message>
        <source>Nothing is wrong: what reaches the outputs agrees as well as these types allow.</source>
        <translation>没有问题：输出的吻合程度已达到这些数据类型所允许的水平。</translation>
    </message>
    <message>
        <source>One cause was found.</source>
        <translation>发现 1 个原因。</translation>
    </message>
    <message>
        <source>Causes that were found: {0}, the likeliest first.</source>
        <translation>发现的原因：{0} 个，最可能的排在最前。</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Networks and sessions</source>
        <translation>网络与会话</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Pictures and arrays</source>
        <translation>图片与数组</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>DifferenceTable</name>
    <message>
        <source>What differs</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Copy the differences</source>
        <translation>复制差异</translation>
    </message>
    <message>
        <source>setting</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Drops</name>
    <message>
        <source>There is no network yet that {0} belongs to.</source>
        <translation>尚未打开 {0} 所属的网络。</translation>
    </message>
    <message>
        <source>Open a network first, or drop it together with them.</source>
        <translation>请先打开网络，或与网络一起拖入。</translation>
    </message>
    <message>
        <source>{0} cannot be used here.</source>
        <translation>{0} 在此无法使用。</translation>
    </message>
    <message>
        <source>Drop a network, a session&apos;s folder or a report in it, pictures, .npy or .bin inputs, a dataset.txt, dumps (a folder of .npy files, .npz, .h5), a plan (.quantization.cfg), the toolkit&apos;s error_analysis.txt or its log.</source>
        <translation>请拖入网络、会话文件夹或其中的报告、图片、.npy 或 .bin 输入、dataset.txt、转储（.npy 文件夹、.npz、.h5）、量化方案（.quantization.cfg），或工具包的 error_analysis.txt 或日志。</translation>
    </message>
    <message>
        <source>{0} is no network that can be read.</source>
        <translation>{0} 不是可读取的网络。</translation>
    </message>
    <message>
        <source>{0} may not be read.</source>
        <translation>没有读取 {0} 的权限。</translation>
    </message>
    <message>
        <source>Check its permissions.</source>
        <translation>请检查其权限。</translation>
    </message>
    <message>
        <source>Export the network to ONNX where it was trained, and drop the .onnx file.</source>
        <translation>请在训练环境中将网络导出为 ONNX，再拖入 .onnx 文件。</translation>
    </message>
    <message>
        <source>Not used: {0}.</source>
        <translation>未使用：{0}。</translation>
    </message>
    <message>
        <source>One network, one plan and one set of dumps at a time: drop the next one later.</source>
        <translation>一次只能使用一个网络、一个量化方案和一组转储：其余请稍后再拖入。</translation>
    </message>
</context>
<context>
    <name>EditTitles</name>
    <message>
        <source>usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>remove the plan</source>
        <translation>移除量化方案</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>reset the toolkit&apos;s options</source>
        <translation>重置工具包选项</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>what runs on it</source>
        <translation>在其上运行的内容</translation>
    </message>
    <message>
        <source>add inputs: {0}</source>
        <translation>添加输入：{0}</translation>
    </message>
    <message>
        <source>remove inputs: {0}</source>
        <translation>移除输入：{0}</translation>
    </message>
    <message>
        <source>{0} of {1} layers</source>
        <translation>{0}：{1} 层</translation>
    </message>
</context>
<context>
    <name>EffectsTable</name>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Costs</source>
        <translation>代价</translation>
    </message>
    <message>
        <source>Saves</source>
        <translation>收益</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>1 − cos of the outputs where only this layer is quantized</source>
        <translation>仅量化该层时输出的 1 − cos</translation>
    </message>
    <message>
        <source>How much smaller 1 − cos of the outputs is where only this layer is spared</source>
        <translation>仅让该层保持高精度时，输出的 1 − cos 减小多少</translation>
    </message>
    <message>
        <source>How much of what it costs comes of its weights; the rest is the rounding of its tensor</source>
        <translation>代价中有多少来自权重；其余来自张量的取整</translation>
    </message>
</context>
<context>
    <name>EffectsView</name>
    <message>
        <source>Measure each layer</source>
        <translation>逐层测量</translation>
    </message>
    <message>
        <source>Quantise each layer alone, and spare each alone, and compare the outputs</source>
        <translation>逐层单独量化，再逐层单独保持高精度，并比较输出</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>What each layer does to the outputs, alone</source>
        <translation>各层单独对输出的影响</translation>
    </message>
    <message>
        <source>Effect of each layer</source>
        <translation>各层的影响</translation>
    </message>
    <message>
        <source>worst output</source>
        <translation>最差的输出</translation>
    </message>
    <message>
        <source>Measure what each layer does to the outputs: quantized alone, and spared alone. A search measures the first of them.</source>
        <translation>测量各层对输出的影响：单独量化时，以及单独保持高精度时。搜索会测量前者。</translation>
    </message>
    <message>
        <source>These are of other settings or inputs: measure again.</source>
        <translation>这些数值属于其他设置或输入：请重新测量。</translation>
    </message>
    <message>
        <source>Known from the search; “Measure each layer” also tells what sparing each alone saves.</source>
        <translation>来自搜索；“逐层测量”还会给出单独保持高精度的收益。</translation>
    </message>
    <message>
        <source>1 − cos of the outputs; bars are powers of ten.</source>
        <translation>输出的 1 − cos；条形为对数刻度。</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Open a network, drop one here, or try the demo</source>
        <translation>打开网络，拖到此处，或试用演示</translation>
    </message>
    <message>
        <source>RKNN Workbench runs a network on the float reference and on a simulator of the Rockchip NPU, and shows layer by layer where the numbers part.</source>
        <translation>RKNN Workbench 在浮点参考和 Rockchip NPU 模拟器上运行网络，逐层显示数值从哪里开始偏离。</translation>
    </message>
    <message>
        <source>ONNX, TensorFlow, TFLite, Caffe, Darknet and TorchScript. The toolkit&apos;s error_analysis.txt alone is enough for a table and a coloured graph: drop it or paste it.</source>
        <translation>支持 ONNX、TensorFlow、TFLite、Caffe、Darknet 和 TorchScript。仅有工具包的 error_analysis.txt 也可得到表格和着色的图：拖入或粘贴即可。</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>Open a network…</source>
        <translation>打开网络…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>a network, pictures</source>
        <translation>网络与图片</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>golden and simulated</source>
        <translation>golden 与模拟器</translation>
    </message>
    <message>
        <source>See</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>the worst layer first</source>
        <translation>最差的层在前</translation>
    </message>
</context>
<context>
    <name>ErrorBlock</name>
    <message>
        <source>Click: look at input {0}</source>
        <translation>单击：查看输入 {0}</translation>
    </message>
    <message>
        <source>&#x2003;worst</source>
        <translation>&#x2003;最差</translation>
    </message>
    <message>
        <source>&#x2003;before</source>
        <translation>&#x2003;之前</translation>
    </message>
    <message>
        <source>#{0} {1}</source>
        <translation>#{0} {1}</translation>
    </message>
</context>
<context>
    <name>Evaluating</name>
    <message>
        <source>Evaluate</source>
        <translation>测量精度</translation>
    </message>
    <message>
        <source>The evaluation was cancelled; what was answered is kept.</source>
        <translation>测量已取消；已有的答案会保留。</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>打开 {0}</translation>
    </message>
</context>
<context>
    <name>Explaining</name>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Explain a log of the toolkit</source>
        <translation>解释工具包的日志</translation>
    </message>
    <message>
        <source>the last lines</source>
        <translation>最后几行</translation>
    </message>
    <message>
        <source>Networks and scripts</source>
        <translation>网络和脚本</translation>
    </message>
    <message>
        <source>Repair a file</source>
        <translation>修复文件</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>文件或文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Export {0}</source>
        <translation>导出{0}</translation>
    </message>
    <message>
        <source>It exists already and will be replaced.</source>
        <translation>已存在，将被替换。</translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message>
        <source>Export {0}</source>
        <translation>导出{0}</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>没有打开的网络。</translation>
    </message>
    <message>
        <source>A comparison is shown: go back to the session&apos;s own results first.</source>
        <translation>正在显示比较：请先返回会话自己的结果。</translation>
    </message>
    <message>
        <source>Run first: there are no results yet.</source>
        <translation>请先运行：尚无结果。</translation>
    </message>
    <message>
        <source>Zip: network, inputs, dumps, and a script that shows it</source>
        <translation>Zip：网络、输入、转储，以及复现问题的脚本</translation>
    </message>
    <message>
        <source>The session runs without a simulator.</source>
        <translation>此会话不使用模拟器。</translation>
    </message>
    <message>
        <source>The plan is the embedded simulator&apos;s, which computes ONNX networks only.</source>
        <translation>量化方案来自内置模拟器，它只计算 ONNX 网络。</translation>
    </message>
    <message>
        <source>The numbers are those of a report; there are no tensors.</source>
        <translation>数值来自报告；没有张量。</translation>
    </message>
    <message>
        <source>Bundle for the vendor</source>
        <translation>给原厂的问题包</translation>
    </message>
    <message>
        <source>Bundle, scrambled</source>
        <translation>问题包，打乱</translation>
    </message>
    <message>
        <source>The same with weights and inputs shuffled</source>
        <translation>同上，但权重和输入已打乱</translation>
    </message>
    <message>
        <source>Bundle, cut</source>
        <translation>问题包，截取</translation>
    </message>
    <message>
        <source>The same with nothing but the guilty layers</source>
        <translation>同上，但只含问题层</translation>
    </message>
    <message>
        <source>Import the toolkit&apos;s own cfg first: Run, Import a plan…</source>
        <translation>请先导入工具包自己的 cfg：运行 › 导入量化方案…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>HTML: worst layers, pictures, table; one file</source>
        <translation>HTML：最差的层、图片、表格；单个文件</translation>
    </message>
    <message>
        <source>Table as CSV</source>
        <translation>CSV 表格</translation>
    </message>
    <message>
        <source>Every layer with all its errors</source>
        <translation>每一层及其全部误差</translation>
    </message>
    <message>
        <source>Table as JSON</source>
        <translation>JSON 表格</translation>
    </message>
    <message>
        <source>The same for programs, with all settings</source>
        <translation>供程序读取，包含全部设置</translation>
    </message>
    <message>
        <source>Tensors as npy</source>
        <translation>npy 张量</translation>
    </message>
    <message>
        <source>A folder: one array a tensor and source</source>
        <translation>文件夹：每个来源的每个张量一个数组</translation>
    </message>
    <message>
        <source>QDQ network</source>
        <translation>QDQ 网络</translation>
    </message>
    <message>
        <source>ONNX with the plan&apos;s encodings</source>
        <translation>带量化参数的 ONNX</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>JSON: the encoding of every tensor</source>
        <translation>JSON：每个张量的量化参数</translation>
    </message>
    <message>
        <source>The toolkit&apos;s cfg</source>
        <translation>工具包的 cfg</translation>
    </message>
    <message>
        <source>For hybrid_quantization_step2</source>
        <translation>用于 hybrid_quantization_step2</translation>
    </message>
</context>
<context>
    <name>FactGrid</name>
    <message>
        <source>Facts</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>Copy the facts</source>
        <translation>复制这些信息</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>FigureTable</name>
    <message>
        <source>points from float</source>
        <translation>与浮点相差（百分点）</translation>
    </message>
    <message>
        <source>from float</source>
        <translation>与浮点相差</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>interval</source>
        <translation>区间</translation>
    </message>
    <message>
        <source>time</source>
        <translation>耗时</translation>
    </message>
    <message>
        <source>Where the figure lies with a certainty of 95 %; the line is float&apos;s</source>
        <translation>数值以 95 % 的把握所在的范围；竖线为浮点的数值</translation>
    </message>
    <message>
        <source>Measured on the same images</source>
        <translation>在相同的图片上测得</translation>
    </message>
    <message>
        <source>How likely chance alone gives such a difference</source>
        <translation>仅由偶然产生这种差别的概率</translation>
    </message>
    <message>
        <source>known</source>
        <translation>已知</translation>
    </message>
    <message>
        <source>no answer: {0}</source>
        <translation>无答案：{0}</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>Character {0}: there are no errors “{1}”, only {2}</source>
        <translation>第 {0} 个字符：没有名为“{1}”的误差，只有 {2}</translation>
    </message>
    <message>
        <source>Character {0}: nothing is called “{1}”. {2}</source>
        <translation>第 {0} 个字符：没有名为“{1}”的项。{2}</translation>
    </message>
    <message>
        <source>Character {0}: a number is missing</source>
        <translation>第 {0} 个字符：缺少数字</translation>
    </message>
    <message>
        <source>Character {0}: “{1}” is no number</source>
        <translation>第 {0} 个字符：“{1}”不是数字</translation>
    </message>
    <message>
        <source>Do you mean {0}?</source>
        <translation>是否要输入 {0}？</translation>
    </message>
    <message>
        <source>There are {0} …</source>
        <translation>可用的有 {0} 等。</translation>
    </message>
    <message>
        <source>“{0}:” is no field and was searched as text. Do you mean {1}?</source>
        <translation>“{0}:”不是字段，已按文本查找。是否要输入 {1}？</translation>
    </message>
    <message>
        <source>cosine below 0.99</source>
        <translation>余弦相似度低于 0.99</translation>
    </message>
    <message>
        <source>bad with exact inputs</source>
        <translation>输入准确时仍然较差</translation>
    </message>
    <message>
        <source>three times as wrong as what they take</source>
        <translation>误差为其输入的三倍以上</translation>
    </message>
    <message>
        <source>two operators, without pinned layers</source>
        <translation>两种算子，不含置顶的层</translation>
    </message>
    <message>
        <source>in a scope, with such dimensions</source>
        <translation>某作用域中具有这些维度的层</translation>
    </message>
    <message>
        <source>stored in float16</source>
        <translation>以 float16 存储</translation>
    </message>
    <message>
        <source>close to the end of float16</source>
        <translation>接近 float16 的上限</translation>
    </message>
    <message>
        <source>with a note</source>
        <translation>有备注</translation>
    </message>
    <message>
        <source>in the choice that is shown under Mixed</source>
        <translation>属于“混合精度”所示的方案</translation>
    </message>
</context>
<context>
    <name>FilterEdit</name>
    <message>
        <source>Filter: name, op:Conv, cos&lt;0.99</source>
        <translation>筛选：名称、op:Conv、cos&lt;0.99</translation>
    </message>
    <message>
        <source>Filter of the layer table</source>
        <translation>层列表的筛选条件</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Show what can be typed</source>
        <translation>显示可输入的内容</translation>
    </message>
    <message>
        <source>Take the proposal</source>
        <translation>采用建议</translation>
    </message>
    <message>
        <source>Go to the rows</source>
        <translation>转到表格行</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Words match the operator, the tensor or its group; op: also the operators of a fused layer.
op:Conv|Add   name:conv_3   scope:head   shape:1x64   type:int8   note:   pinned   spared
cos&lt;0.99   single.euc&gt;10   runtime.cos&lt;0.9   sqnr&lt;20   jump&gt;3   head&lt;2   macs&gt;1e6
All terms must hold; | means or, a leading - not, quotes keep blanks. Ctrl+Space proposes terms.</source>
        <translation>单词匹配算子、张量或其融合组；op: 也匹配融合层中的算子。
op:Conv|Add   name:conv_3   scope:head   shape:1x64   type:int8   note:   pinned   spared
cos&lt;0.99   single.euc&gt;10   runtime.cos&lt;0.9   sqnr&lt;20   jump&gt;3   head&lt;2   macs&gt;1e6
所有条件须同时满足；| 表示“或”，前置 - 表示“非”，引号保留空格。Ctrl+空格给出提示。</translation>
    </message>
</context>
<context>
    <name>FindingCard</name>
    <message>
        <source>Show or hide the details</source>
        <translation>显示或隐藏详情</translation>
    </message>
    <message>
        <source>Show the way to the output</source>
        <translation>显示到输出的路径</translation>
    </message>
    <message>
        <source>Choose calibration inputs…</source>
        <translation>挑选校准输入…</translation>
    </message>
    <message>
        <source>The most typical ones of a folder of many, which become the dataset</source>
        <translation>从含有大量图片的文件夹中挑选最具代表性的，作为校准数据集</translation>
    </message>
    <message>
        <source>Look at {0}</source>
        <translation>检查 {0}</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Run it beside the session and say what it brings; nothing is changed</source>
        <translation>在会话之外运行并给出效果，不改动任何东西</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Make it part of the session&apos;s settings; Undo takes it back</source>
        <translation>写入会话的设置；可用撤销取消</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>What was found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>on this computer:</source>
        <translation>在本机：</translation>
    </message>
    <message>
        <source>on the board:</source>
        <translation>在开发板：</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
</context>
<context>
    <name>Flow</name>
    <message>
        <source>Drop a network, inputs, dumps or a plan</source>
        <translation>可拖入网络、输入、转储或量化方案</translation>
    </message>
    <message>
        <source>Run with the vendor&apos;s toolkit first.</source>
        <translation>请先用原厂工具包运行。</translation>
    </message>
</context>
<context>
    <name>FrontPlot</name>
    <message>
        <source>Choices of layers: error over cost</source>
        <translation>各方案：误差与代价</translation>
    </message>
    <message>
        <source>Choices of layers</source>
        <translation>各方案</translation>
    </message>
    <message>
        <source>A cheaper or a dearer choice</source>
        <translation>代价更小或更大的方案</translation>
    </message>
    <message>
        <source>The cheapest or the dearest choice</source>
        <translation>代价最小或最大的方案</translation>
    </message>
    <message>
        <source>1 − cos, worst output</source>
        <translation>1 − cos，最差输出</translation>
    </message>
</context>
<context>
    <name>GraphCanvas</name>
    <message>
        <source>Graph of the network</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>Walk along the edges</source>
        <translation>沿边移动</translation>
    </message>
    <message>
        <source>Open or close a group or a scope</source>
        <translation>展开或折叠组或作用域</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
</context>
<context>
    <name>GraphCommands</name>
    <message>
        <source>Path &amp;up from the layer</source>
        <translation>该层的上游路径(&amp;U)</translation>
    </message>
    <message>
        <source>Path &amp;down from the layer</source>
        <translation>该层的下游路径(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Path: up, down, both, none</source>
        <translation>路径：上游、下游、双向、无(&amp;P)</translation>
    </message>
    <message>
        <source>Error &amp;growth along the path</source>
        <translation>沿路径的误差增长(&amp;G)</translation>
    </message>
    <message>
        <source>Original and &amp;optimised graph side by side</source>
        <translation>原始图与优化图并排(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Colour by…</source>
        <translation>着色依据…(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Next hit</source>
        <translation>下一个匹配项(&amp;N)</translation>
    </message>
    <message>
        <source>Pre&amp;vious hit</source>
        <translation>上一个匹配项(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Fold or unfold</source>
        <translation>折叠或展开(&amp;F)</translation>
    </message>
    <message>
        <source>Fold &amp;all</source>
        <translation>全部折叠(&amp;A)</translation>
    </message>
    <message>
        <source>Unfo&amp;ld all</source>
        <translation>全部展开(&amp;L)</translation>
    </message>
    <message>
        <source>Show the &amp;whole graph</source>
        <translation>显示整个图(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Export the picture…</source>
        <translation>导出图片…(&amp;E)</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>没有打开的网络。</translation>
    </message>
    <message>
        <source>There are no errors before a run.</source>
        <translation>运行之前没有误差。</translation>
    </message>
    <message>
        <source>Nothing is searched in the graph.</source>
        <translation>图中没有进行查找。</translation>
    </message>
</context>
<context>
    <name>GraphExport</name>
    <message>
        <source>Picture {0}</source>
        <translation>图片 {0}</translation>
    </message>
    <message>
        <source>Operators:</source>
        <translation>算子：</translation>
    </message>
</context>
<context>
    <name>GraphLegend</name>
    <message>
        <source>Drag it, or move it with Alt and the arrow keys</source>
        <translation>可拖动，或用 Alt+方向键移动</translation>
    </message>
    <message>
        <source>Move the legend</source>
        <translation>移动图例</translation>
    </message>
    <message>
        <source>{0}: colour by another value</source>
        <translation>{0}：按其他数值着色</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Convolution, matrix</source>
        <translation>卷积、矩阵</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>算术</translation>
    </message>
    <message>
        <source>Normalization</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>Pooling, resize</source>
        <translation>池化、缩放</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>GraphPainter</name>
    <message>
        <source>{0} layers</source>
        <translation>{0} 层</translation>
    </message>
</context>
<context>
    <name>GraphPane</name>
    <message>
        <source>Open a network to see its graph.</source>
        <translation>打开网络即可查看其计算图。</translation>
    </message>
    <message>
        <source>Laying out the graph…</source>
        <translation>正在布局…</translation>
    </message>
    <message>
        <source>The graph cannot be drawn: {0}</source>
        <translation>无法绘制计算图：{0}</translation>
    </message>
    <message>
        <source>This network has no layers.</source>
        <translation>此网络没有层。</translation>
    </message>
    <message>
        <source>worst of {0}</source>
        <translation>{0} 个中最差的</translation>
    </message>
</context>
<context>
    <name>GraphRows</name>
    <message>
        <source>Worst rows of this box ({0})</source>
        <translation>此方框中最差的行（{0}）</translation>
    </message>
</context>
<context>
    <name>GraphStatus</name>
    <message>
        <source>Previous hit (Shift+F3)</source>
        <translation>上一个匹配项 (Shift+F3)</translation>
    </message>
    <message>
        <source>Next hit (F3)</source>
        <translation>下一个匹配项 (F3)</translation>
    </message>
    <message>
        <source>End the search (Esc)</source>
        <translation>结束查找 (Esc)</translation>
    </message>
    <message>
        <source>End the path (Esc)</source>
        <translation>取消路径 (Esc)</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>{0} found</source>
        <translation>找到 {0} 个</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>第 {0} 个，共 {1} 个</translation>
    </message>
    <message>
        <source>Up from {0}: {1} layers</source>
        <translation>{0} 的上游：{1} 层</translation>
    </message>
    <message>
        <source>Down from {0}: {1} layers</source>
        <translation>{0} 的下游：{1} 层</translation>
    </message>
    <message>
        <source>Up and down from {0}: {1} layers</source>
        <translation>{0} 的上下游：{1} 层</translation>
    </message>
</context>
<context>
    <name>GraphTip</name>
    <message>
        <source>Worst of {0} rows, by {1}; a click goes there</source>
        <translation>{0} 行中最差的，按 {1}；单击跳转</translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>Graph</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>Switch the layer between integers and float16</source>
        <translation>在整数与 float16 之间切换该层</translation>
    </message>
    <message>
        <source>End the search, the path, the growth; bring back faded layers</source>
        <translation>结束搜索、路径、误差增长；恢复淡化的层</translation>
    </message>
</context>
<context>
    <name>GrowthPanel</name>
    <message>
        <source>━ entire   ┅ single   ↑ jump</source>
        <translation>━ entire   ┅ single   ↑ 突增</translation>
    </message>
    <message>
        <source>Close (G)</source>
        <translation>关闭 (G)</translation>
    </message>
    <message>
        <source>Error growth along the path</source>
        <translation>沿路径的误差增长</translation>
    </message>
    <message>
        <source>Error growth</source>
        <translation>误差增长</translation>
    </message>
    <message>
        <source>Layer before or behind on the path</source>
        <translation>路径上的前一层或后一层</translation>
    </message>
    <message>
        <source>First or last layer of the path</source>
        <translation>路径的第一层或最后一层</translation>
    </message>
    <message>
        <source>Next or previous jump of the error</source>
        <translation>下一个或上一个误差突增</translation>
    </message>
    <message>
        <source>{0} layers, {1} jumps</source>
        <translation>{0} 层，{1} 处突增</translation>
    </message>
    <message>
        <source>↑ {0} times its inputs&apos;</source>
        <translation>↑ 为其输入误差的 {0} 倍</translation>
    </message>
    <message>
        <source>all layers in order</source>
        <translation>按顺序的所有层</translation>
    </message>
    <message>
        <source>from the inputs to {0}</source>
        <translation>从输入到 {0}</translation>
    </message>
    <message>
        <source>from {0} to the outputs</source>
        <translation>从 {0} 到输出</translation>
    </message>
    <message>
        <source>through {0}</source>
        <translation>经过 {0}</translation>
    </message>
</context>
<context>
    <name>Guide</name>
    <message>
        <source>The path</source>
        <translation>排查路径</translation>
    </message>
</context>
<context>
    <name>Heatmap</name>
    <message>
        <source>Picture of a tensor</source>
        <translation>张量图像</translation>
    </message>
    <message>
        <source>Move the cross hairs; with Shift further</source>
        <translation>移动十字线；按住 Shift 移动更远</translation>
    </message>
    <message>
        <source>Choose the element under them</source>
        <translation>选择十字线处的元素</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>No page has these words.</source>
        <translation>没有页面包含这些词。</translation>
    </message>
    <message>
        <source>Pages of the help</source>
        <translation>帮助页面</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>搜索帮助</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>HistogramPane</name>
    <message>
        <source>log counts</source>
        <translation>对数计数</translation>
    </message>
    <message>
        <source>Histogram of the values</source>
        <translation>值的直方图</translation>
    </message>
    <message>
        <source>Histogram of the difference</source>
        <translation>差值的直方图</translation>
    </message>
    <message>
        <source>There is nothing to compare.</source>
        <translation>没有可比较的内容。</translation>
    </message>
    <message>
        <source>{0} within half a step</source>
        <translation>{0} 在半个量化步长以内</translation>
    </message>
    <message>
        <source>Between the dotted lines: rounding alone explains it.</source>
        <translation>虚线之间的差值仅由舍入引起。</translation>
    </message>
    <message>
        <source>Reading the whole tensor …</source>
        <translation>正在读取整个张量…</translation>
    </message>
    <message>
        <source>No value is a finite number.</source>
        <translation>没有有限数值。</translation>
    </message>
    <message>
        <source>Values of the whole tensor</source>
        <translation>整个张量的值</translation>
    </message>
    <message>
        <source>{0} of {1} levels used</source>
        <translation>使用了 {0} / {1} 个量化级</translation>
    </message>
    <message>
        <source>{0} fits into {1} … {2}</source>
        <translation>{0} 在可表示范围 {1} … {2} 之内</translation>
    </message>
    <message>
        <source>✖ {0} clipped: {1} below, {2} above</source>
        <translation>✖ {0} 被截断：下方 {1}，上方 {2}</translation>
    </message>
    <message>
        <source>✖ {0} below, {1} above</source>
        <translation>✖ 下方 {0}，上方 {1}</translation>
    </message>
    <message>
        <source>{0} stores {1} levels, {2} apart, from {3} to {4}. What lies more than half a step beyond is cut.</source>
        <translation>{0} 以 {1} 个量化级存储，步长 {2}，从 {3} 到 {4}。超出两端半个步长以上的值会被截断。</translation>
    </message>
</context>
<context>
    <name>Holding</name>
    <message>
        <source>The other program has closed the session: it was read anew.</source>
        <translation>另一个程序已关闭该会话：已重新读取。</translation>
    </message>
    <message>
        <source>Nothing was changed: {0}</source>
        <translation>未作任何更改：{0}</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import dumps</source>
        <translation>导入转储</translation>
    </message>
    <message>
        <source>Runtime (board)</source>
        <translation>Runtime（开发板）</translation>
    </message>
    <message>
        <source>Golden</source>
        <translation>Golden</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>Simulator</translation>
    </message>
    <message>
        <source>A folder of .npy files, the toolkit&apos;s snapshot, an .npz or .h5 file</source>
        <translation>.npy 文件夹、snapshot 文件夹，或 .npz、.h5 文件</translation>
    </message>
    <message>
        <source>Only where names differ: a line a pair, theirs and the network&apos;s</source>
        <translation>仅在名称不同时需要：每行一对，对方名称与网络名称</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Match by content…</source>
        <translation>按内容匹配…</translation>
    </message>
    <message>
        <source>Where names say nothing: compare the values, and confirm what is found</source>
        <translation>名称无法对应时：比较数值，并确认找到的结果</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Dumps</source>
        <translation>转储</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Maps of names</source>
        <translation>名称映射文件</translation>
    </message>
    <message>
        <source>Tensors are matched by name; what finds no partner is listed, never guessed.</source>
        <translation>张量按名称匹配；未匹配的会列出，程序不做猜测。</translation>
    </message>
    <message>
        <source>Map of names</source>
        <translation>名称映射</translation>
    </message>
    <message>
        <source>Folder of dumps</source>
        <translation>转储文件夹</translation>
    </message>
    <message>
        <source>File of dumps</source>
        <translation>转储文件</translation>
    </message>
</context>
<context>
    <name>InputPage</name>
    <message>
        <source>Buffers</source>
        <translation>缓冲区</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>What the program hands to rknn_inputs_set, or the board&apos;s InputOperator dump: drop it here</source>
        <translation>程序交给 rknn_inputs_set 的数据，或开发板的 InputOperator 转储：拖放到这里</translation>
    </message>
    <message>
        <source>Buffer</source>
        <translation>缓冲区</translation>
    </message>
    <message>
        <source>What was fed: one of the session&apos;s inputs, or another file</source>
        <translation>输入的图片：会话的某个输入，或其他文件</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Input of the network</source>
        <translation>网络的输入</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>May raw pixels pass through?</source>
        <translation>原始像素可以直通吗？</translation>
    </message>
    <message>
        <source>Prove whether pass_through=1 with the raw picture is the same for this network</source>
        <translation>证明对此网络而言，pass_through=1 直接输入原图是否等价</translation>
    </message>
    <message>
        <source>The program says</source>
        <translation>程序声明</translation>
    </message>
    <message>
        <source>The NPU takes floats at this input: raw pixels with pass_through=1 are never right.</source>
        <translation>NPU 的此输入为浮点：pass_through=1 直接输入原始像素一定不对。</translation>
    </message>
</context>
<context>
    <name>InputsMatrix</name>
    <message>
        <source>Layers by inputs</source>
        <translation>层 × 输入</translation>
    </message>
    <message>
        <source>Add inputs…</source>
        <translation>添加输入…</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Which input breaks which layer: add several pictures or arrays and run.</source>
        <translation>哪个输入使哪一层出错：添加多张图片或数组并运行。</translation>
    </message>
    <message>
        <source>One input was analysed. Add more and run: then this shows which input breaks which layer.</source>
        <translation>只分析了一个输入。添加更多输入并运行后，这里会显示哪个输入使哪一层出错。</translation>
    </message>
    <message>
        <source>These results do not tell {0} of every input. Run again.</source>
        <translation>这些结果没有每个输入的 {0}。请重新运行。</translation>
    </message>
    <message>
        <source>layers: {0}   inputs: {1}   worst: {2}  {3}</source>
        <translation>层：{0}   输入：{1}   最差：{2}  {3}</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>Analysed inputs</source>
        <translation>待分析的输入</translation>
    </message>
    <message>
        <source>Add pictures, .npy or .bin files, or drop them on the window.</source>
        <translation>添加图片、.npy 或 .bin 文件，或把它们拖到窗口里。</translation>
    </message>
    <message>
        <source>Inputs to analyse</source>
        <translation>待分析的输入</translation>
    </message>
    <message>
        <source>Lists of inputs</source>
        <translation>输入列表</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Add pictures, .npy or .bin files</source>
        <translation>添加图片、.npy 或 .bin 文件</translation>
    </message>
    <message>
        <source>Add from a dataset.txt</source>
        <translation>从 dataset.txt 添加</translation>
    </message>
    <message>
        <source>Remove the selected input</source>
        <translation>移除选中的输入</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>文件…</translation>
    </message>
    <message>
        <source>A dataset.txt as Rockchip writes it: one line a sample</source>
        <translation>Rockchip 格式的 dataset.txt：每行一个样本</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Calibrate with the analysed inputs</source>
        <translation>用待分析的输入校准</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Add pictures, .npy or .bin files: one for each of the {0} inputs makes a sample. Or a dataset.txt.</source>
        <translation>添加图片、.npy 或 .bin 文件：{0} 个输入各一个文件组成一个样本。也可以添加 dataset.txt。</translation>
    </message>
    <message>
        <source>Chosen so far: {0}. Add the file for {1} next; together they are one sample.</source>
        <translation>已选择：{0}。接着添加 {1} 的文件；它们合为一个样本。</translation>
    </message>
    <message>
        <source>Calibration dataset</source>
        <translation>校准数据集</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>Folder of calibration inputs</source>
        <translation>校准输入文件夹</translation>
    </message>
    <message>
        <source>Inputs added: {0}</source>
        <translation>已添加输入：{0}</translation>
    </message>
    <message>
        <source>there already: {0}</source>
        <translation>已存在：{0}</translation>
    </message>
    <message>
        <source>the analysed inputs ({0})</source>
        <translation>待分析的输入（{0}）</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Switch the layer between integers and float16</source>
        <translation>在整数与 float16 之间切换该层</translation>
    </message>
    <message>
        <source>Copy the tensor&apos;s name</source>
        <translation>复制张量名称</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>存储方式</translation>
    </message>
    <message>
        <source>Constants</source>
        <translation>常量</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Details of the layer</source>
        <translation>该层的详细信息</translation>
    </message>
    <message>
        <source>Open a network to inspect its layers.</source>
        <translation>打开网络即可检查各层。</translation>
    </message>
    <message>
        <source>Select a layer in the graph or the table, or press F5 to run the analysis.</source>
        <translation>在图或表格中选择一层，或按 F5 运行分析。</translation>
    </message>
    <message>
        <source>Select a layer in the graph or the table, or press [ for the worst one.</source>
        <translation>在图或表格中选择一层，或按 [ 转到最差的层。</translation>
    </message>
    <message>
        <source>= {0} of yours</source>
        <translation>= 您网络中的 {0}</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Golden</source>
        <translation>Golden</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Matched by</source>
        <translation>匹配方式</translation>
    </message>
    <message>
        <source>Time [µs]</source>
        <translation>时间 [µs]</translation>
    </message>
    <message>
        <source>{0}, before {1}</source>
        <translation>{0}，之前为 {1}</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>{0}, one a channel</source>
        <translation>{0} 个，每通道一个</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子 (scale)</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>unlimited</source>
        <translation>无限</translation>
    </message>
    <message>
        <source>overflows (× {0})</source>
        <translation>溢出（× {0}）</translation>
    </message>
    <message>
        <source>× {0}, {1} bits</source>
        <translation>× {0}，{1} 位</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>可表示</translation>
    </message>
    <message>
        <source>Golden range</source>
        <translation>Golden 范围</translation>
    </message>
    <message>
        <source>Head-room</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>The whole network is {0}.</source>
        <translation>整个网络为 {0}。</translation>
    </message>
</context>
<context>
    <name>InstallPart</name>
    <message>
        <source>Folder of the toolkit</source>
        <translation>工具包的文件夹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>With TensorFlow: it loads TensorFlow and TFLite networks, too</source>
        <translation>包含 TensorFlow：还能加载 TensorFlow 和 TFLite 网络</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Or install one: rknn-toolkit2 2.5.0 and what it needs, into a folder of its own. It is loaded from the internet, 1 to 5 GB, and takes several minutes.</source>
        <translation>或者安装一个：把 rknn-toolkit2 2.5.0 及其依赖装入单独的文件夹。需从互联网下载 1 到 5 GB，用时几分钟。</translation>
    </message>
    <message>
        <source>Log of the installation</source>
        <translation>安装日志</translation>
    </message>
    <message>
        <source>Installed in {0}.</source>
        <translation>已安装，用时 {0}。</translation>
    </message>
    <message>
        <source>It failed after {0}.</source>
        <translation>{0} 后失败。</translation>
    </message>
    <message>
        <source>Cancelled after {0}.</source>
        <translation>{0} 后已取消。</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>Golden</source>
        <translation>Golden</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>模拟器</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>分析</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Start the toolkit</source>
        <translation>启动工具包</translation>
    </message>
    <message>
        <source>Push</source>
        <translation>推送</translation>
    </message>
    <message>
        <source>Pull</source>
        <translation>拉取</translation>
    </message>
    <message>
        <source>Run on the board</source>
        <translation>在开发板上运行</translation>
    </message>
    <message>
        <source>Connect to the board</source>
        <translation>连接开发板</translation>
    </message>
    <message>
        <source>Match by content</source>
        <translation>按内容匹配</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Look at the board</source>
        <translation>查看开发板</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Look at what is known</source>
        <translation>查看已知结果</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>评分</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
    <message>
        <source>It was killed. Where memory ran out, close other programs or choose fewer inputs.</source>
        <translation>该进程被强行终止。如果是内存不足，请关闭其他程序或减少输入。</translation>
    </message>
    <message>
        <source>The process that computes ended unexpectedly.</source>
        <translation>计算进程意外结束。</translation>
    </message>
</context>
<context>
    <name>JobsStrip</name>
    <message>
        <source>Show log and messages (Ctrl+J)</source>
        <translation>显示日志与消息 (Ctrl+J)</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>All jobs</source>
        <translation>所有任务</translation>
    </message>
    <message>
        <source>{0}: stopping…</source>
        <translation>{0}：正在停止…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>另有 {0} 个</translation>
    </message>
    <message>
        <source>{0}: show all jobs</source>
        <translation>{0}：显示所有任务</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>剩余 {0}</translation>
    </message>
    <message>
        <source>{0}: done in {1}</source>
        <translation>{0}：完成，用时 {1}</translation>
    </message>
    <message>
        <source>{0}: failed after {1}</source>
        <translation>{0}：失败，用时 {1}</translation>
    </message>
    <message>
        <source>{0}: cancelled after {1}</source>
        <translation>{0}：已取消，用时 {1}</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
</context>
<context>
    <name>JobsTable</name>
    <message>
        <source>Nothing has run yet.</source>
        <translation>尚未运行任何任务。</translation>
    </message>
    <message>
        <source>Stop the job</source>
        <translation>停止任务</translation>
    </message>
    <message>
        <source>Its log</source>
        <translation>查看日志</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Stop the chosen job</source>
        <translation>停止所选任务</translation>
    </message>
    <message>
        <source>Show its log</source>
        <translation>显示其日志</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
</context>
<context>
    <name>LayerMenu</name>
    <message>
        <source>Edit the range…</source>
        <translation>编辑范围…</translation>
    </message>
    <message>
        <source>Undo the what-if</source>
        <translation>撤销试算</translation>
    </message>
    <message>
        <source>Look at its worst input (#{0})</source>
        <translation>查看其最差的输入 (#{0})</translation>
    </message>
    <message>
        <source>Copy the tensor&apos;s name</source>
        <translation>复制张量名称</translation>
    </message>
    <message>
        <source>Copy the tensors&apos; names</source>
        <translation>复制张量名称</translation>
    </message>
    <message>
        <source>No other precision is possible here</source>
        <translation>此处没有其他可选精度</translation>
    </message>
    <message>
        <source>{0} layers; the precision of {1} can be chosen</source>
        <translation>{0} 层，其中 {1} 层可选精度</translation>
    </message>
    <message>
        <source>Compute in {0}</source>
        <translation>以 {0} 计算</translation>
    </message>
    <message>
        <source>In a search for layers to spare</source>
        <translation>搜索需保持高精度的层时</translation>
    </message>
    <message>
        <source>Choose freely</source>
        <translation>自由选择</translation>
    </message>
    <message>
        <source>Lock in {0}</source>
        <translation>锁定为 {0}</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Write a note…</source>
        <translation>写备注…</translation>
    </message>
</context>
<context>
    <name>LayerTable</name>
    <message>
        <source>Worst layers first (W)</source>
        <translation>最差的层在前 (W)</translation>
    </message>
    <message>
        <source>Group by scope (G)</source>
        <translation>按作用域分组 (G)</translation>
    </message>
    <message>
        <source>Choose the columns (C)</source>
        <translation>选择列 (C)</translation>
    </message>
    <message>
        <source>Layer table</source>
        <translation>层列表</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>最差</translation>
    </message>
    <message>
        <source>Of several inputs show each value&apos;s mean or its worst</source>
        <translation>多个输入时显示平均值或最差值</translation>
    </message>
    <message>
        <source>Rows copied: {0}</source>
        <translation>已复制 {0} 行</translation>
    </message>
    <message>
        <source>Hide “{0}”</source>
        <translation>隐藏“{0}”</translation>
    </message>
    <message>
        <source>The usual columns</source>
        <translation>常用的列</translation>
    </message>
</context>
<context>
    <name>LayerTexts</name>
    <message>
        <source>{0}  {1} scales</source>
        <translation>{0}  {1} 个 scale</translation>
    </message>
    <message>
        <source>{0} layers</source>
        <translation>{0} 层</translation>
    </message>
</context>
<context>
    <name>LayerTips</name>
    <message>
        <source>Simulator against golden, errors of earlier layers included</source>
        <translation>模拟器与 golden 比较，包含前面各层的误差</translation>
    </message>
    <message>
        <source>Simulator against golden, this layer alone on golden inputs</source>
        <translation>模拟器与 golden 比较，仅此层，输入为 golden</translation>
    </message>
    <message>
        <source>Board against golden, errors of earlier layers included</source>
        <translation>开发板与 golden 比较，包含前面各层的误差</translation>
    </message>
    <message>
        <source>Board against simulator, both on the same inputs</source>
        <translation>开发板与模拟器比较，输入相同</translation>
    </message>
    <message>
        <source>Click: worst first, best first, network order</source>
        <translation>点击：最差在前、最好在前、网络顺序</translation>
    </message>
    <message>
        <source>How the values are stored: data type, scale, zero point</source>
        <translation>数值的存储方式：数据类型、缩放因子 (scale)、零点</translation>
    </message>
    <message>
        <source>What the layer is computed in</source>
        <translation>该层的计算精度</translation>
    </message>
    <message>
        <source>By which factor golden values may grow in float16</source>
        <translation>golden 的数值在 float16 中还可增大的倍数</translation>
    </message>
    <message>
        <source>Multiplications that are added up, for one input</source>
        <translation>一个输入的乘加次数</translation>
    </message>
    <message>
        <source>What the board took for the layer, in microseconds</source>
        <translation>开发板在该层的耗时，微秒</translation>
    </message>
    <message>
        <source>Where the board computed the layer: NPU, CPU or GPU</source>
        <translation>开发板在哪里计算该层：NPU、CPU 或 GPU</translation>
    </message>
    <message>
        <source>What the tensor is called where the golden values are from</source>
        <translation>该张量在 golden 值来源中的名称</translation>
    </message>
    <message>
        <source>How the golden tensor was found</source>
        <translation>golden 张量的匹配方式</translation>
    </message>
    <message>
        <source>The other tensors of the fused layer</source>
        <translation>融合层中的其他张量</translation>
    </message>
    <message>
        <source>What you wrote down about the layer</source>
        <translation>您为该层写的备注</translation>
    </message>
    <message>
        <source>{0} layers; each number is their worst. Click, or Left and Right: fold and unfold</source>
        <translation>{0} 层；每个数值是其中最差的。单击或按左右方向键折叠、展开</translation>
    </message>
    <message>
        <source>{0}, unfolded</source>
        <translation>{0}，已展开</translation>
    </message>
    <message>
        <source>{0}, folded</source>
        <translation>{0}，已折叠</translation>
    </message>
    <message>
        <source>{0} has {1}</source>
        <translation>{0} 为 {1}</translation>
    </message>
    <message>
        <source>what is below {0} counts as {0}</source>
        <translation>小于 {0} 的按 {0} 计</translation>
    </message>
    <message>
        <source>Pinned: it stays on top</source>
        <translation>已置顶：始终在最上方</translation>
    </message>
    <message>
        <source>In the choice that is shown under Mixed it computes in {0}</source>
        <translation>在“混合精度”所示的方案中，它以 {0} 计算</translation>
    </message>
    <message>
        <source>Your note: {0}</source>
        <translation>您的备注：{0}</translation>
    </message>
    <message>
        <source>{0} against {1}</source>
        <translation>{0} 与 {1} 比较</translation>
    </message>
    <message>
        <source>No value: this tensor was not compared here</source>
        <translation>无值：此张量未在此比较</translation>
    </message>
    <message>
        <source>mean of {0} inputs: {1}
worst: {2} (input {3})</source>
        <translation>{0} 个输入的平均：{1}
最差：{2}（输入 {3}）</translation>
    </message>
    <message>
        <source>better than before: {0}</source>
        <translation>比之前好，之前为 {0}</translation>
    </message>
    <message>
        <source>worse than before: {0}</source>
        <translation>比之前差，之前为 {0}</translation>
    </message>
    <message>
        <source>{0}: the vendor toolkit&apos;s limit; also NaN and infinite</source>
        <translation>{0}：原厂工具包的阈值；NaN 和无穷大同此</translation>
    </message>
    <message>
        <source>= {0} of yours</source>
        <translation>= 您网络中的 {0}</translation>
    </message>
    <message>
        <source>One layer on the NPU, together with:</source>
        <translation>在 NPU 上与以下张量合为一层：</translation>
    </message>
    <message>
        <source>Compared with {0} {1} (matched by {2})</source>
        <translation>与 {0} 的 {1} 比较（按 {2} 匹配）</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>How many times 1 − cos is that of the worst input of the layer</source>
        <translation>1 − cos 是该层最差输入的多少倍</translation>
    </message>
    <message>
        <source>⇡ The error jumps here: 1 − cos is {0}, {1} times that of the worst input</source>
        <translation>⇡ 误差在此处突增：1 − cos 为 {0}，是最差输入的 {1} 倍</translation>
    </message>
</context>
<context>
    <name>LayerView</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>First or last layer</source>
        <translation>第一层或最后一层</translation>
    </message>
    <message>
        <source>Select several layers</source>
        <translation>选择多层</translation>
    </message>
    <message>
        <source>Close or open a scope, where rows are grouped</source>
        <translation>折叠或展开作用域（分组时）</translation>
    </message>
    <message>
        <source>Open or close the scope of a heading</source>
        <translation>展开或折叠标题的作用域</translation>
    </message>
</context>
<context>
    <name>LayersModel</name>
    <message>
        <source>op</source>
        <translation>算子</translation>
    </message>
    <message>
        <source>tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>name in A</source>
        <translation>A 中的名称</translation>
    </message>
    <message>
        <source>golden name</source>
        <translation>golden 名称</translation>
    </message>
    <message>
        <source>jump</source>
        <translation>突增</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>量化参数</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>head-room</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>元素数</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>乘加数</translation>
    </message>
    <message>
        <source>time [µs]</source>
        <translation>耗时 [µs]</translation>
    </message>
    <message>
        <source>computed on</source>
        <translation>计算单元</translation>
    </message>
    <message>
        <source>matched by</source>
        <translation>匹配方式</translation>
    </message>
    <message>
        <source>group</source>
        <translation>融合组</translation>
    </message>
    <message>
        <source>note</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>your note</source>
        <translation>我的备注</translation>
    </message>
    <message>
        <source>entire</source>
        <translation>entire</translation>
    </message>
    <message>
        <source>single</source>
        <translation>single</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
    <message>
        <source>single sim</source>
        <translation>single sim</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>This changes when what runs now has ended.</source>
        <translation>当前任务结束后生效。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What is finished is kept; the rest is lost.</source>
        <translation>已完成的部分会保留，其余部分将丢失。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Not finished yet: {0}</source>
        <translation>尚未完成：{0}</translation>
    </message>
</context>
<context>
    <name>LegendKey</name>
    <message>
        <source>Legend of the graph</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Another class of the legend</source>
        <translation>图例的另一类</translation>
    </message>
    <message>
        <source>Fade the layers of the class, or bring them back</source>
        <translation>淡化该类的层，或恢复</translation>
    </message>
    <message>
        <source>Legend: {0}</source>
        <translation>图例：{0}</translation>
    </message>
    <message>
        <source>{0} (faded)</source>
        <translation>{0}（已淡化）</translation>
    </message>
    <message>
        <source>Click: show them again</source>
        <translation>单击：重新显示</translation>
    </message>
    <message>
        <source>Click: fade them</source>
        <translation>单击：淡化</translation>
    </message>
    <message>
        <source>{0}: {1} in the graph</source>
        <translation>{0}：图中 {1} 个</translation>
    </message>
    <message>
        <source>Beyond the limit of the vendor&apos;s toolkit, NaN or infinite</source>
        <translation>超过原厂工具包的阈值，或为 NaN、无穷大</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>无值</translation>
    </message>
</context>
<context>
    <name>LinePlot</name>
    <message>
        <source>Line of {0}</source>
        <translation>{0} 的曲线</translation>
    </message>
    <message>
        <source>Line of values</source>
        <translation>数值曲线</translation>
    </message>
    <message>
        <source>Move the mark; with Shift further</source>
        <translation>移动标记；按住 Shift 移动更远</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>LogDialog</name>
    <message>
        <source>What the toolkit says: {0}</source>
        <translation>工具包的消息：{0}</translation>
    </message>
    <message>
        <source>Repair…</source>
        <translation>修复…</translation>
    </message>
    <message>
        <source>Known messages</source>
        <translation>已知消息</translation>
    </message>
    <message>
        <source>Line {0}</source>
        <translation>第 {0} 行</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Line {0} of {1}</source>
        <translation>第 {0} 行，共 {1} 行</translation>
    </message>
    <message>
        <source>None of these messages is known.</source>
        <translation>其中没有已知消息。</translation>
    </message>
    <message>
        <source>Read the lines that begin with E or W: the first error is mostly the cause.</source>
        <translation>请查看以 E 或 W 开头的行：第一个错误通常就是原因。</translation>
    </message>
    <message>
        <source>No error and no known message is among these lines.</source>
        <translation>这些行中没有错误，也没有已知的消息。</translation>
    </message>
    <message>
        <source>Lines that begin with W are warnings.</source>
        <translation>以 W 开头的行是警告。</translation>
    </message>
    <message>
        <source>{0} lines</source>
        <translation>{0} 行</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>多次运行</translation>
    </message>
    <message>
        <source>Close the message, the details, or the comparison</source>
        <translation>关闭消息、详细信息或比较</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>{0} (read-only)</source>
        <translation>{0}（只读）</translation>
    </message>
    <message>
        <source>inputs: {0}</source>
        <translation>输入：{0}</translation>
    </message>
    <message>
        <source>runtime imported</source>
        <translation>已导入 runtime</translation>
    </message>
    <message>
        <source>no board</source>
        <translation>无开发板</translation>
    </message>
    <message>
        <source>Session: {0}</source>
        <translation>会话：{0}</translation>
    </message>
    <message>
        <source>RKNN Workbench {0}

Finds where a network&apos;s numbers part on the way to a Rockchip NPU.</source>
        <translation>RKNN Workbench {0}

找出网络部署到 Rockchip NPU 时数值从哪里开始偏离。</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>MakingDialog</name>
    <message>
        <source>Toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标平台</translation>
    </message>
</context>
<context>
    <name>MatchDialog</name>
    <message>
        <source>Tensors matched by content</source>
        <translation>按内容匹配的张量</translation>
    </message>
    <message>
        <source>Least confidence</source>
        <translation>最低置信度</translation>
    </message>
    <message>
        <source>Confirm all from this confidence on</source>
        <translation>确认不低于此置信度的全部</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Save the map…</source>
        <translation>保存映射…</translation>
    </message>
    <message>
        <source>Use these</source>
        <translation>使用这些</translation>
    </message>
    <message>
        <source>Confirm the chosen rows, or not</source>
        <translation>确认或取消所选的行</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>复制表格</translation>
    </message>
    <message>
        <source>These names say nothing, so the values were compared in every layout. Confirm what is right: nothing is taken that is not ticked.</source>
        <translation>这些名称无法对应，因此按所有布局比较了数值。请确认正确的结果：未勾选的不会采用。</translation>
    </message>
    <message>
        <source>Confidence from</source>
        <translation>置信度不低于</translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>已确认 {0}/{1}</translation>
    </message>
    <message>
        <source>Maps of names</source>
        <translation>名称映射</translation>
    </message>
    <message>
        <source>Save the map</source>
        <translation>保存映射</translation>
    </message>
</context>
<context>
    <name>Matching</name>
    <message>
        <source>Match {0} by content</source>
        <translation>按内容匹配 {0}</translation>
    </message>
    <message>
        <source>{0} was cancelled.</source>
        <translation>已取消{0}。</translation>
    </message>
    <message>
        <source>No tensor in {0} is like one of the network.</source>
        <translation>{0} 中没有与网络相似的张量。</translation>
    </message>
    <message>
        <source>Check that the dumps are of this network and of the same input; then run the session first.</source>
        <translation>请检查转储是否属于此网络和同一输入，并先运行会话。</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
</context>
<context>
    <name>MatrixPage</name>
    <message>
        <source>Rows copied: {0}</source>
        <translation>已复制 {0} 行</translation>
    </message>
    <message>
        <source>worst layers first</source>
        <translation>最差的层在前</translation>
    </message>
    <message>
        <source>as in the network</source>
        <translation>按网络顺序</translation>
    </message>
    <message>
        <source>The order of the layers; a click on a column&apos;s title orders by that column (S)</source>
        <translation>层的顺序；单击列标题按该列排序 (S)</translation>
    </message>
    <message>
        <source>Order of the layers</source>
        <translation>层的顺序</translation>
    </message>
    <message>
        <source>by a column</source>
        <translation>按某一列</translation>
    </message>
</context>
<context>
    <name>MatrixView</name>
    <message>
        <source>Open the cell</source>
        <translation>打开单元格</translation>
    </message>
    <message>
        <source>Order by the column, or again as in the network</source>
        <translation>按该列排序，或恢复网络顺序</translation>
    </message>
    <message>
        <source>Order the inputs by the layer</source>
        <translation>按该层给输入排序</translation>
    </message>
    <message>
        <source>Copy the matrix as tab-separated text</source>
        <translation>以制表符分隔的文本复制矩阵</translation>
    </message>
    <message>
        <source>Take the column out, where that is possible</source>
        <translation>移除该列（若可移除）</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Repair…</source>
        <translation>修复…</translation>
    </message>
    <message>
        <source>What it printed…</source>
        <translation>查看其输出…</translation>
    </message>
    <message>
        <source>Match by content…</source>
        <translation>按内容匹配…</translation>
    </message>
    <message>
        <source>Read the report…</source>
        <translation>阅读报告…</translation>
    </message>
    <message>
        <source>All messages</source>
        <translation>全部消息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>News</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Defect of the program: {0}: {1}</source>
        <translation>程序缺陷：{0}：{1}</translation>
    </message>
    <message>
        <source>Please report it; “Copy messages” gives the details.</source>
        <translation>请报告此问题；“复制消息”可获取详情。</translation>
    </message>
    <message>
        <source>Please report it; what is known of it was written down here, and nothing was sent.</source>
        <translation>请报告此缺陷；已知信息已写入本机文件，没有发送。</translation>
    </message>
    <message>
        <source>The program ended abruptly at {0}.</source>
        <translation>程序在 {0} 意外终止。</translation>
    </message>
    <message>
        <source>What was computed is kept: open the session again. Please report where it ended.</source>
        <translation>已计算的结果仍在：请重新打开会话。请报告程序终止的位置。</translation>
    </message>
</context>
<context>
    <name>Metrics</name>
    <message>
        <source>rms of the difference</source>
        <translation>差值的均方根</translation>
    </message>
    <message>
        <source>relative rms</source>
        <translation>相对均方根误差</translation>
    </message>
    <message>
        <source>largest difference</source>
        <translation>最大差值</translation>
    </message>
    <message>
        <source>cos</source>
        <translation>cos</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0} {1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{1} 的{0}</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦相似度</translation>
    </message>
    <message>
        <source>Cosine as the toolkit prints it</source>
        <translation>余弦相似度（按工具包的输出）</translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation>1 − 余弦</translation>
    </message>
    <message>
        <source>Euclidean distance</source>
        <translation>欧氏距离</translation>
    </message>
    <message>
        <source>Largest difference</source>
        <translation>最大差值</translation>
    </message>
    <message>
        <source>Mean difference</source>
        <translation>平均差值</translation>
    </message>
    <message>
        <source>Relative error</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Largest difference in steps</source>
        <translation>最大差值（按量化步长）</translation>
    </message>
    <message>
        <source>NaN values</source>
        <translation>NaN 值</translation>
    </message>
    <message>
        <source>Infinite values</source>
        <translation>无穷值</translation>
    </message>
    <message>
        <source>Saturated share</source>
        <translation>饱和比例</translation>
    </message>
    <message>
        <source>Time on the board</source>
        <translation>开发板耗时</translation>
    </message>
    <message>
        <source>cos (toolkit)</source>
        <translation>cos（工具包）</translation>
    </message>
    <message>
        <source>1 − cos</source>
        <translation>1 − cos</translation>
    </message>
    <message>
        <source>euc</source>
        <translation>euc</translation>
    </message>
    <message>
        <source>max abs</source>
        <translation>最大差</translation>
    </message>
    <message>
        <source>mean abs</source>
        <translation>平均差</translation>
    </message>
    <message>
        <source>relative</source>
        <translation>相对误差</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步长数</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>无穷值</translation>
    </message>
    <message>
        <source>saturated</source>
        <translation>饱和</translation>
    </message>
    <message>
        <source>time</source>
        <translation>耗时</translation>
    </message>
</context>
<context>
    <name>MiniChart</name>
    <message>
        <source>{0} over {1}, from {2} to {3}</source>
        <translation>{1} 上的 {0}，从 {2} 到 {3}</translation>
    </message>
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Overview of the graph</source>
        <translation>计算图概览</translation>
    </message>
</context>
<context>
    <name>Mixed</name>
    <message>
        <source>Number of layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Share of the multiply-accumulates</source>
        <translation>乘加运算占比</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节数</translation>
    </message>
    <message>
        <source>Time on the chip</source>
        <translation>芯片上的耗时</translation>
    </message>
    <message>
        <source>cost: layers</source>
        <translation>代价：层数</translation>
    </message>
    <message>
        <source>cost: % of the multiply-accumulates</source>
        <translation>代价：乘加运算的百分比</translation>
    </message>
    <message>
        <source>cost: bytes more</source>
        <translation>代价：增加的字节</translation>
    </message>
    <message>
        <source>cost: µs more</source>
        <translation>代价：增加的微秒</translation>
    </message>
    <message>
        <source>layers: {0}</source>
        <translation>层数：{0}</translation>
    </message>
    <message>
        <source>All layers quantized</source>
        <translation>所有层均量化</translation>
    </message>
    <message>
        <source>{0} in {1}</source>
        <translation>{0}采用 {1}</translation>
    </message>
    <message>
        <source>conversions: {0}</source>
        <translation>转换：{0}</translation>
    </message>
    <message>
        <source>1 layer</source>
        <translation>1 层</translation>
    </message>
    <message>
        <source>{0} layers</source>
        <translation>{0} 层</translation>
    </message>
    <message>
        <source>reaches the target</source>
        <translation>达到目标</translation>
    </message>
    <message>
        <source>in the budget</source>
        <translation>在预算之内</translation>
    </message>
    <message>
        <source>above the budget</source>
        <translation>超出预算</translation>
    </message>
    <message>
        <source>misses the target</source>
        <translation>未达到目标</translation>
    </message>
    <message>
        <source>… and {0} more</source>
        <translation>……另有 {0} 层</translation>
    </message>
    <message>
        <source>cos of the worst output: {0}</source>
        <translation>最差输出的 cos：{0}</translation>
    </message>
</context>
<context>
    <name>MixedDialog</name>
    <message>
        <source>Mixed precision with the toolkit</source>
        <translation>用工具包混合量化</translation>
    </message>
    <message>
        <source>Let the toolkit propose layers, too</source>
        <translation>让工具包也推荐一些层</translation>
    </message>
    <message>
        <source>Analyse the result layer by layer</source>
        <translation>逐层分析结果</translation>
    </message>
    <message>
        <source>Write the .rknn</source>
        <translation>写出 .rknn</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>The toolkit quantizes the network in two steps. Between them the layers below are written into its cfg; all else in it stays as the toolkit wrote it.</source>
        <translation>工具包分两步量化网络。两步之间，下列各层会写入它的 cfg；cfg 的其余内容保持工具包所写的原样。</translation>
    </message>
    <message>
        <source>It measures every layer, and may take very long.</source>
        <translation>它会测量每一层，可能需要很长时间。</translation>
    </message>
    <message>
        <source>The toolkit becomes the session&apos;s simulator.</source>
        <translation>工具包将成为会话的模拟器。</translation>
    </message>
    <message>
        <source>Layers in float16 or int16</source>
        <translation>float16 或 int16 的层</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>No layer has another precision yet. Choose some: Space switches that of the selected layer; or let the toolkit propose them.</source>
        <translation>还没有层使用其他精度。请选择一些层（空格键切换所选层的精度），或让工具包推荐。</translation>
    </message>
    <message>
        <source>Show the layers</source>
        <translation>显示各层</translation>
    </message>
    <message>
        <source>{0} keeps activations in float: there is nothing to mix.</source>
        <translation>{0} 的激活值保持浮点：没有可混合的内容。</translation>
    </message>
</context>
<context>
    <name>MixedView</name>
    <message>
        <source>Mixed precision</source>
        <translation>混合精度</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>What is looked for</source>
        <translation>搜索目标</translation>
    </message>
    <message>
        <source>Show or hide what is looked for</source>
        <translation>显示或隐藏搜索目标</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Show on graph and table</source>
        <translation>在图和表格中显示</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>往返验证</translation>
    </message>
    <message>
        <source>Only these in the table</source>
        <translation>表格只留这些层</translation>
    </message>
    <message>
        <source>Make these layers part of the session; Run computes it, Undo takes it back</source>
        <translation>把这些层写入会话；“运行”进行计算，“撤销”可恢复</translation>
    </message>
    <message>
        <source>Both steps of the vendor&apos;s toolkit and its accuracy_analysis: predicted beside actual</source>
        <translation>厂商工具包的两个步骤及其 accuracy_analysis：预测与实际并列</translation>
    </message>
    <message>
        <source>Filter the layer table: spared</source>
        <translation>筛选层表格：spared</translation>
    </message>
    <message>
        <source>Effect of each layer</source>
        <translation>各层的影响</translation>
    </message>
    <message>
        <source>Search for the layers that must stay precise; every choice is run as the chip would run it.</source>
        <translation>搜索必须保持高精度的层；每个方案都按芯片的方式实际运行。</translation>
    </message>
    <message>
        <source>This is of other settings or inputs: search again.</source>
        <translation>这是其他设置或输入的结果：请重新搜索。</translation>
    </message>
    <message>
        <source>{0} choices were run in {1} s; these are worth a thought.</source>
        <translation>在 {1} 秒内运行了 {0} 个方案；以下值得考虑。</translation>
    </message>
    <message>
        <source>{0}: {1} of at most {2}</source>
        <translation>{0}：{1}，最多 {2}</translation>
    </message>
</context>
<context>
    <name>Mixing</name>
    <message>
        <source>No network is open.</source>
        <translation>没有打开网络。</translation>
    </message>
    <message>
        <source>Only ONNX networks are simulated layer by layer: convert it first.</source>
        <translation>只有 ONNX 网络能逐层仿真：请先转换。</translation>
    </message>
    <message>
        <source>Nothing is quantized in {0}: choose w8a8 in the settings.</source>
        <translation>{0} 不做量化：请在设置中选择 w8a8。</translation>
    </message>
    <message>
        <source>{0} takes no single layers in another precision.</source>
        <translation>{0} 不支持让单独的层采用另一精度。</translation>
    </message>
    <message>
        <source>Add inputs first: what layers cost is measured on them.</source>
        <translation>请先添加输入：各层的影响要用它们来测量。</translation>
    </message>
    <message>
        <source>Something runs.</source>
        <translation>有任务正在运行。</translation>
    </message>
    <message>
        <source>Search layers to spare</source>
        <translation>搜索需保持高精度的层</translation>
    </message>
    <message>
        <source>Measure the effect of each layer</source>
        <translation>测量各层的影响</translation>
    </message>
    <message>
        <source>Round trip with the toolkit</source>
        <translation>用工具包往返验证</translation>
    </message>
    <message>
        <source>Export {0}</source>
        <translation>导出 {0}</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
</context>
<context>
    <name>Mixtures</name>
    <message>
        <source>No network is open.</source>
        <translation>没有打开网络。</translation>
    </message>
    <message>
        <source>Import the cfg of its step 1 first: Run, Import a plan…</source>
        <translation>请先导入其第 1 步的 cfg：运行 › 导入量化方案…</translation>
    </message>
    <message>
        <source>The file of step 1 with these layers</source>
        <translation>第 1 步的文件加上这些层</translation>
    </message>
    <message>
        <source>For its step 2, in short</source>
        <translation>供第 2 步使用的简短文件</translation>
    </message>
    <message>
        <source>The toolkit&apos;s cfg</source>
        <translation>工具包的 cfg</translation>
    </message>
    <message>
        <source>Python script</source>
        <translation>Python 脚本</translation>
    </message>
    <message>
        <source>Does both steps with the toolkit alone</source>
        <translation>只用工具包完成两个步骤</translation>
    </message>
    <message>
        <source>Cfg of toolkit 1</source>
        <translation>Toolkit 1 的 cfg</translation>
    </message>
    <message>
        <source>customized_quantize_layers</source>
        <translation>customized_quantize_layers</translation>
    </message>
    <message>
        <source>op_target</source>
        <translation>op_target</translation>
    </message>
    <message>
        <source>JSON: the layers on the CPU instead</source>
        <translation>JSON：这些层改在 CPU 上计算</translation>
    </message>
    <message>
        <source>QDQ network</source>
        <translation>QDQ 网络</translation>
    </message>
    <message>
        <source>ONNX with the plan&apos;s encodings</source>
        <translation>带量化方案编码的 ONNX</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>JSON: the encoding of every tensor</source>
        <translation>JSON：每个张量的编码</translation>
    </message>
</context>
<context>
    <name>NotePopup</name>
    <message>
        <source>Note on {0} layers</source>
        <translation>{0} 层的备注</translation>
    </message>
    <message>
        <source>Note on {0}</source>
        <translation>{0} 的备注</translation>
    </message>
    <message>
        <source>Ctrl+Enter keeps it, Esc does not</source>
        <translation>Ctrl+Enter 保存，Esc 放弃</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>保存备注</translation>
    </message>
    <message>
        <source>Note on a layer</source>
        <translation>层的备注</translation>
    </message>
    <message>
        <source>Leave the note as it was</source>
        <translation>放弃更改</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>无穷</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
</context>
<context>
    <name>OneJob</name>
    <message>
        <source>{0} was cancelled.</source>
        <translation>已取消{0}。</translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message>
        <source>Opening {0}…</source>
        <translation>正在打开 {0}…</translation>
    </message>
    <message>
        <source>Opening the demo…</source>
        <translation>正在打开演示…</translation>
    </message>
    <message>
        <source>Saved in {0}.</source>
        <translation>已保存到 {0}。</translation>
    </message>
    <message>
        <source>Save as {0}</source>
        <translation>另存为 {0}</translation>
    </message>
</context>
<context>
    <name>OutputPage</name>
    <message>
        <source>Buffers</source>
        <translation>缓冲区</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Buffer</source>
        <translation>缓冲区</translation>
    </message>
    <message>
        <source>What rknn_outputs_get gave: drop it here</source>
        <translation>rknn_outputs_get 得到的数据：拖放到这里</translation>
    </message>
    <message>
        <source>Second buffer</source>
        <translation>第二个缓冲区</translation>
    </message>
    <message>
        <source>The same with the other want_float, to compare: may be missing</source>
        <translation>另一种 want_float 的同一输出，用于比较：可不填</translation>
    </message>
    <message>
        <source>Output of the network</source>
        <translation>网络的输出</translation>
    </message>
    <message>
        <source>as the network</source>
        <translation>与网络相同</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Its printed rknn_tensor_attr; without it the session&apos;s encoding is taken</source>
        <translation>打印出的 rknn_tensor_attr；没有则采用会话的量化参数</translation>
    </message>
    <message>
        <source>Printed attributes</source>
        <translation>打印出的属性</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>属性</translation>
    </message>
</context>
<context>
    <name>PaneKeys</name>
    <message>
        <source>difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Enlarge or shrink: {0}</source>
        <translation>放大或还原：{0}</translation>
    </message>
    <message>
        <source>Back from the enlarged pane</source>
        <translation>从放大的窗格返回</translation>
    </message>
</context>
<context>
    <name>PaneRow</name>
    <message>
        <source>No values.</source>
        <translation>没有值。</translation>
    </message>
    <message>
        <source>No side C was chosen.</source>
        <translation>未选择 C 方。</translation>
    </message>
    <message>
        <source>This tensor has no elements.</source>
        <translation>此张量没有元素。</translation>
    </message>
    <message>
        <source>There is nothing to compare.</source>
        <translation>没有可比较的内容。</translation>
    </message>
    <message>
        <source>Choose what is subtracted from what</source>
        <translation>选择哪一项减去哪一项</translation>
    </message>
    <message>
        <source>golden</source>
        <translation>golden</translation>
    </message>
    <message>
        <source>simulator</source>
        <translation>simulator</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差值</translation>
    </message>
</context>
<context>
    <name>ParallelPlot</name>
    <message>
        <source>Settings as lines</source>
        <translation>以折线表示的设置</translation>
    </message>
    <message>
        <source>Go to another axis</source>
        <translation>转到另一个轴</translation>
    </message>
    <message>
        <source>Choose the next line on the axis</source>
        <translation>选择轴上的下一条折线</translation>
    </message>
    <message>
        <source>Brush the axis from the best on: less, more</source>
        <translation>从最好的一端刷选：减少、增加</translation>
    </message>
    <message>
        <source>Remove all brushes</source>
        <translation>清除所有刷选</translation>
    </message>
    <message>
        <source>Compare the settings with the session</source>
        <translation>将这些设置与会话比较</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>no picture</source>
        <translation>无图片</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Export the picture of the graph</source>
        <translation>导出计算图图片</translation>
    </message>
    <message>
        <source>SVG (vectors)</source>
        <translation>SVG（矢量）</translation>
    </message>
    <message>
        <source>PDF (vectors)</source>
        <translation>PDF（矢量）</translation>
    </message>
    <message>
        <source>PNG (pixels)</source>
        <translation>PNG（像素）</translation>
    </message>
    <message>
        <source>Whole graph</source>
        <translation>整个图</translation>
    </message>
    <message>
        <source>Visible part</source>
        <translation>可见部分</translation>
    </message>
    <message>
        <source>As in the window</source>
        <translation>与窗口相同</translation>
    </message>
    <message>
        <source>Light, on white</source>
        <translation>浅色，白底</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Selection, path and hits</source>
        <translation>选择、路径和查找结果</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>With</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>{0} × {1} pixels</source>
        <translation>{0} × {1} 像素</translation>
    </message>
    <message>
        <source>Larger would not fit into memory; SVG and PDF keep every detail.</source>
        <translation>再大就放不进内存；SVG 和 PDF 保留所有细节。</translation>
    </message>
</context>
<context>
    <name>PlaceTable</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
</context>
<context>
    <name>Plans</name>
    <message>
        <source>Plans</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>Import a plan</source>
        <translation>导入量化方案</translation>
    </message>
    <message>
        <source>{0} only says which layers have another precision: {1} of them. The rest is calibrated.</source>
        <translation>{0} 只说明哪些层采用另一精度：共 {1} 层。其余的照常校准。</translation>
    </message>
    <message>
        <source>No plan has been imported.</source>
        <translation>尚未导入量化方案。</translation>
    </message>
    <message>
        <source>The next run takes the encodings of {0} tensors from {1}; nothing is calibrated.</source>
        <translation>下次运行采用 {1} 中 {0} 个张量的量化参数，不再校准。</translation>
    </message>
</context>
<context>
    <name>PreprocessPanel</name>
    <message>
        <source>custom</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>One number, or one a channel</source>
        <translation>一个数，或每通道一个数</translation>
    </message>
    <message>
        <source>One number, or one a channel; not 0</source>
        <translation>一个数，或每通道一个数；不能为 0</translation>
    </message>
    <message>
        <source>Pixels are multiplied by this first</source>
        <translation>像素先乘以此数</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>The shape of raw .bin files, where it is not the input&apos;s</source>
        <translation>原始 .bin 文件的形状（与输入不同时）</translation>
    </message>
    <message>
        <source>Unchanged (0–255)</source>
        <translation>不变（0–255）</translation>
    </message>
    <message>
        <source>Stretch (as the toolkit)</source>
        <translation>拉伸（与工具包一致）</translation>
    </message>
    <message>
        <source>Letterbox, grey 114</source>
        <translation>等比填充，灰色 114</translation>
    </message>
    <message>
        <source>Centre crop</source>
        <translation>居中裁剪</translation>
    </message>
    <message>
        <source>None: sizes must match</source>
        <translation>无：尺寸必须一致</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放系数</translation>
    </message>
    <message>
        <source>Channel order</source>
        <translation>通道顺序</translation>
    </message>
    <message>
        <source>Network layout</source>
        <translation>网络布局</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>缩放方式</translation>
    </message>
    <message>
        <source>Raw shape</source>
        <translation>原始形状</translation>
    </message>
    <message>
        <source>values {0} … {1}</source>
        <translation>取值 {0} … {1}</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Original</source>
        <translation>原图</translation>
    </message>
    <message>
        <source>As the network sees it</source>
        <translation>网络实际输入</translation>
    </message>
    <message>
        <source>Its first three channels as red, green and blue: in BGR, red and blue are exchanged.</source>
        <translation>前三个通道按红、绿、蓝显示：BGR 时红蓝互换。</translation>
    </message>
</context>
<context>
    <name>ProgramWindow</name>
    <message>
        <source>The C program</source>
        <translation>C 程序</translation>
    </message>
    <message>
        <source>Input buffer</source>
        <translation>输入缓冲区</translation>
    </message>
    <message>
        <source>Tensor attributes</source>
        <translation>张量属性</translation>
    </message>
    <message>
        <source>Output buffer</source>
        <translation>输出缓冲区</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
</context>
<context>
    <name>QuantizationPanel</name>
    <message>
        <source>Layers in float16 or int16</source>
        <translation>使用 float16 或 int16 的层</translation>
    </message>
    <message>
        <source>Keep the selected layer in float16</source>
        <translation>选中的层保持 float16</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表移除</translation>
    </message>
    <message>
        <source>none: all layers are quantized</source>
        <translation>无：所有层都量化</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标平台</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>量化方法</translation>
    </message>
    <message>
        <source>Algorithm</source>
        <translation>量化算法</translation>
    </message>
    <message>
        <source>Optimization level</source>
        <translation>优化等级</translation>
    </message>
    <message>
        <source>Select a layer first</source>
        <translation>请先选择一层</translation>
    </message>
    <message>
        <source>{0} has {1}</source>
        <translation>{0} 可用：{1}</translation>
    </message>
    <message>
        <source>Not in the embedded simulator; the vendor&apos;s toolkit has it</source>
        <translation>内置模拟器不支持；原厂工具包支持</translation>
    </message>
    <message>
        <source>{0} stores no weights in integers</source>
        <translation>{0} 不以整数存储权重</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>模拟器</translation>
    </message>
    <message>
        <source>Set up toolkit…</source>
        <translation>设置工具包…</translation>
    </message>
    <message>
        <source>{0} keeps activations in float</source>
        <translation>{0} 的激活值保持浮点</translation>
    </message>
    <message>
        <source>The toolkit&apos;s simulator computes the same at every level</source>
        <translation>工具包的模拟器在各优化等级下计算结果相同</translation>
    </message>
    <message>
        <source>{0} does not have it; these do: {1}</source>
        <translation>{0} 不支持；支持的有：{1}</translation>
    </message>
</context>
<context>
    <name>QuestionDialog</name>
    <message>
        <source>It is kept in memory until the window closes, never in a file.</source>
        <translation>仅保存在内存中直到窗口关闭，绝不写入文件。</translation>
    </message>
    <message>
        <source>Compare the fingerprint with that on the board (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). A key that is trusted is remembered.</source>
        <translation>请与开发板上的指纹比较（ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub）。受信任的密钥会被记住。</translation>
    </message>
    <message>
        <source>It came with the session. Once agreed to it runs without a question.</source>
        <translation>它随会话而来。同意一次之后不再询问。</translation>
    </message>
    <message>
        <source>A command for the board</source>
        <translation>给开发板的命令</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Password of the board</source>
        <translation>开发板密码</translation>
    </message>
    <message>
        <source>Unknown board</source>
        <translation>未知的开发板</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Trust it</source>
        <translation>信任</translation>
    </message>
</context>
<context>
    <name>RangeDialog</name>
    <message>
        <source>Range of {0}</source>
        <translation>{0} 的范围</translation>
    </message>
    <message>
        <source>Lowest value</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Highest value</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>Values outside the range are cut off; a narrower range has finer steps.</source>
        <translation>范围以外的值会被截断；范围越窄，步长越细。</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>As calibrated</source>
        <translation>恢复校准值</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ReadOnlyBar</name>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Go on with a copy in another folder</source>
        <translation>在另一个文件夹中用副本继续工作</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Read-only: {0} It can be changed here when it is closed there.</source>
        <translation>只读：{0}在那里关闭后，即可在此更改。</translation>
    </message>
</context>
<context>
    <name>Recall</name>
    <message>
        <source>Filters used lately, and examples (Up)</source>
        <translation>最近用过的筛选条件与示例（上方向键）</translation>
    </message>
    <message>
        <source>Filters used lately, and examples</source>
        <translation>最近用过的筛选条件与示例</translation>
    </message>
    <message>
        <source>Used lately</source>
        <translation>最近用过</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
</context>
<context>
    <name>RecentRow</name>
    <message>
        <source>Worst layer: {0}, cosine {1}</source>
        <translation>最差的层：{0}，余弦 {1}</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>已不存在</translation>
    </message>
</context>
<context>
    <name>Recents</name>
    <message>
        <source>It is not there any more.</source>
        <translation>已不存在。</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>清空此列表(&amp;C)</translation>
    </message>
</context>
<context>
    <name>RepairDialog</name>
    <message>
        <source>Repair {0}</source>
        <translation>修复 {0}</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复方式</translation>
    </message>
    <message>
        <source>Open the copy when it is written</source>
        <translation>写入后打开副本</translation>
    </message>
    <message>
        <source>Save copy as…</source>
        <translation>副本另存为…</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>更改内容</translation>
    </message>
    <message>
        <source>Looking at the file…</source>
        <translation>正在查看文件…</translation>
    </message>
    <message>
        <source>A copy is written; {0} stays as it is.</source>
        <translation>将写入副本；{0} 保持不变。</translation>
    </message>
    <message>
        <source>What changes: − goes, + comes</source>
        <translation>更改内容：− 删除，+ 新增</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Save the repaired copy</source>
        <translation>保存修复后的副本</translation>
    </message>
</context>
<context>
    <name>Reporting</name>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Open a report of the toolkit</source>
        <translation>打开工具包的报告</translation>
    </message>
    <message>
        <source>Read a report</source>
        <translation>读取报告</translation>
    </message>
    <message>
        <source>the clipboard</source>
        <translation>剪贴板</translation>
    </message>
    <message>
        <source>What is on the clipboard cannot be used here.</source>
        <translation>剪贴板中的内容无法在此使用。</translation>
    </message>
    <message>
        <source>Copy the toolkit&apos;s error_analysis.txt, lines of its log, its mean_values=…, or files.</source>
        <translation>请复制工具包的 error_analysis.txt、其日志中的行、mean_values=… 或文件。</translation>
    </message>
</context>
<context>
    <name>RunDialog</name>
    <message>
        <source>Run on {0}</source>
        <translation>在 {0} 上运行</translation>
    </message>
    <message>
        <source>What runs on the board</source>
        <translation>在开发板上运行的内容</translation>
    </message>
    <message>
        <source>This will run on {0}:</source>
        <translation>将在 {0} 上运行：</translation>
    </message>
    <message>
        <source>The network and its inputs are pushed into a folder of their own and the dumps are pulled. The folder is removed at the end, also when the run is cancelled.</source>
        <translation>网络和输入会推送到单独的文件夹，转储会拉取回来。结束时该文件夹会被删除，取消运行时也一样。</translation>
    </message>
    <message>
        <source>The vendor&apos;s toolkit makes these calls: it pushes, runs and pulls with an adb of its own.</source>
        <translation>这些调用由厂商工具包执行：它用自带的 adb 推送、运行并取回。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
</context>
<context>
    <name>Runner</name>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Import {0}</source>
        <translation>导入 {0}</translation>
    </message>
    <message>
        <source>{0} was cancelled; finished stages are kept.</source>
        <translation>{0}已取消；已完成的阶段会保留。</translation>
    </message>
    <message>
        <source>This is the toolkit&apos;s own graph: it can be looked at, not run.</source>
        <translation>这是工具包自己的计算图：只能查看，不能运行。</translation>
    </message>
    <message>
        <source>Open the network that it was made from.</source>
        <translation>请打开生成它的原网络。</translation>
    </message>
    <message>
        <source>No inputs are chosen.</source>
        <translation>尚未选择输入。</translation>
    </message>
    <message>
        <source>Choose them in the Settings tab, then run again.</source>
        <translation>请在“设置”中选择，然后重新运行。</translation>
    </message>
    <message>
        <source>{0}: tensors whose names are not in the network: {1}, such as {2}.</source>
        <translation>{0}：名称不在网络中的张量有 {1} 个，例如 {2}。</translation>
    </message>
    <message>
        <source>Match them by content, or import again with a map of names.</source>
        <translation>请按内容匹配，或连同名称映射重新导入。</translation>
    </message>
</context>
<context>
    <name>RunsMatrix</name>
    <message>
        <source>Layers by runs</source>
        <translation>层 × 运行</translation>
    </message>
    <message>
        <source>Remove the run of the current column (Delete)</source>
        <translation>移除当前列的运行 (Delete)</translation>
    </message>
    <message>
        <source>Recent sessions of this network</source>
        <translation>此网络最近的会话</translation>
    </message>
    <message>
        <source>Add a session…</source>
        <translation>添加会话…</translation>
    </message>
    <message>
        <source>Add dumps…</source>
        <translation>添加转储…</translation>
    </message>
    <message>
        <source>Read the runs</source>
        <translation>读取各次运行</translation>
    </message>
    <message>
        <source>Reading the runs…</source>
        <translation>正在读取各次运行…</translation>
    </message>
    <message>
        <source>layers: {0}   runs: {1}</source>
        <translation>层：{0}   运行：{1}</translation>
    </message>
    <message>
        <source>Runs without values: {0}. Go to a column to see why. ({1})</source>
        <translation>无数值的运行：{0}。转到该列可查看原因。（{1}）</translation>
    </message>
    <message>
        <source>This session</source>
        <translation>本会话</translation>
    </message>
    <message>
        <source>Run this session first.</source>
        <translation>请先运行本会话。</translation>
    </message>
    <message>
        <source>Add runs: other sessions of this network, or saved dumps, layer by layer beside this one.</source>
        <translation>添加运行：此网络的其他会话或已保存的转储，与本会话逐层并列。</translation>
    </message>
    <message>
        <source>No other session of this network was open lately and has been run.</source>
        <translation>最近没有打开过此网络已运行的其他会话。</translation>
    </message>
    <message>
        <source>A session&apos;s folder</source>
        <translation>会话文件夹</translation>
    </message>
    <message>
        <source>Folder of dumps</source>
        <translation>转储文件夹</translation>
    </message>
    <message>
        <source>File of dumps</source>
        <translation>转储文件</translation>
    </message>
    <message>
        <source>Dumps</source>
        <translation>转储</translation>
    </message>
    <message>
        <source>Add runs</source>
        <translation>添加运行</translation>
    </message>
    <message>
        <source>Session…</source>
        <translation>会话…</translation>
    </message>
    <message>
        <source>Folder of dumps…</source>
        <translation>转储文件夹…</translation>
    </message>
    <message>
        <source>File of dumps…</source>
        <translation>转储文件…</translation>
    </message>
    <message>
        <source>against each run&apos;s own golden</source>
        <translation>以各自的 golden 为基准</translation>
    </message>
    <message>
        <source>against this session&apos;s golden</source>
        <translation>以本会话的 golden 为基准</translation>
    </message>
    <message>
        <source>What the runs are measured against</source>
        <translation>各次运行的基准</translation>
    </message>
    <message>
        <source>no values</source>
        <translation>无数值</translation>
    </message>
</context>
<context>
    <name>RuntimeMenu</name>
    <message>
        <source>&amp;Boards…</source>
        <translation>开发板(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Dumps of a board…</source>
        <translation>开发板的转储(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>无(&amp;N)</translation>
    </message>
    <message>
        <source>What runs on the board…</source>
        <translation>在开发板上运行的内容…</translation>
    </message>
    <message>
        <source>No board is chosen.</source>
        <translation>尚未选择开发板。</translation>
    </message>
</context>
<context>
    <name>ScatterPane</name>
    <message>
        <source>Upwards</source>
        <translation>纵轴</translation>
    </message>
    <message>
        <source>Scatter plot</source>
        <translation>散点图</translation>
    </message>
    <message>
        <source>over {0}</source>
        <translation>对 {0}</translation>
    </message>
    <message>
        <source>channel {0} only</source>
        <translation>仅通道 {0}</translation>
    </message>
    <message>
        <source>There is nothing to compare: one of the two sources lacks this tensor.</source>
        <translation>无可比较：两个来源之一没有此张量。</translation>
    </message>
    <message>
        <source>Reading the whole tensor …</source>
        <translation>正在读取整个张量…</translation>
    </message>
    <message>
        <source>{0} elements</source>
        <translation>{0} 个元素</translation>
    </message>
    <message>
        <source>slope {0}, offset {1}</source>
        <translation>斜率 {0}，偏移 {1}</translation>
    </message>
    <message>
        <source>click a point to go to it</source>
        <translation>单击某点即可跳转</translation>
    </message>
    <message>
        <source>{0} are not finite and left out</source>
        <translation>{0} 个非有限值未计入</translation>
    </message>
    <message>
        <source>✖ {0} saturated</source>
        <translation>✖ {0} 个饱和</translation>
    </message>
    <message>
        <source>The straight line through all elements: a slope other than 1 is an error of scale.</source>
        <translation>通过所有元素的直线：斜率不为 1 即为比例误差。</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Find a layer  Ctrl+K</source>
        <translation>查找层  Ctrl+K</translation>
    </message>
    <message>
        <source>Find a layer</source>
        <translation>查找层</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Next or previous hit</source>
        <translation>下一个或上一个匹配项</translation>
    </message>
    <message>
        <source>End the search</source>
        <translation>结束查找</translation>
    </message>
    <message>
        <source>A part of a name, op:Conv, shape:1x64, cos&lt;0.99, -op:Relu …
Enter: next hit, Shift+Enter: back</source>
        <translation>名称的一部分、op:Conv、shape:1x64、cos&lt;0.99、-op:Relu …
Enter：下一个，Shift+Enter：上一个</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>network (SHA-256)</source>
        <translation>网络 (SHA-256)</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标平台</translation>
    </message>
    <message>
        <source>data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>method</source>
        <translation>量化方法</translation>
    </message>
    <message>
        <source>algorithm</source>
        <translation>量化算法</translation>
    </message>
    <message>
        <source>optimization level</source>
        <translation>优化等级</translation>
    </message>
    <message>
        <source>ranges</source>
        <translation>取值范围</translation>
    </message>
    <message>
        <source>layers in float16</source>
        <translation>float16 层</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>layers in int16</source>
        <translation>int16 层</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入自</translation>
    </message>
    <message>
        <source>calibration dataset</source>
        <translation>校准数据集</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>缩放系数</translation>
    </message>
    <message>
        <source>channel order</source>
        <translation>通道顺序</translation>
    </message>
    <message>
        <source>network layout</source>
        <translation>网络布局</translation>
    </message>
    <message>
        <source>resize</source>
        <translation>缩放方式</translation>
    </message>
    <message>
        <source>raw shape</source>
        <translation>原始形状</translation>
    </message>
    <message>
        <source>input shapes</source>
        <translation>输入形状</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>pins</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>locked layers</source>
        <translation>锁定的层</translation>
    </message>
    <message>
        <source>which tensors are dumped</source>
        <translation>转储哪些张量</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>simulator</source>
        <translation>模拟器</translation>
    </message>
    <message>
        <source>runs side by side</source>
        <translation>并列的运行</translation>
    </message>
    <message>
        <source>version of the program</source>
        <translation>程序版本</translation>
    </message>
    <message>
        <source>toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>option of the toolkit</source>
        <translation>工具包选项</translation>
    </message>
    <message>
        <source>board</source>
        <translation>开发板</translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>The network&apos;s input</source>
        <translation>网络的输入</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>In Rockchip&apos;s spelling</source>
        <translation>Rockchip 写法</translation>
    </message>
    <message>
        <source>Paste mean_values=… or channel_mean_value from the clipboard</source>
        <translation>从剪贴板粘贴 mean_values=… 或 channel_mean_value</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source># toolkit 1, before 1.4</source>
        <translation># toolkit 1，1.4 之前</translation>
    </message>
</context>
<context>
    <name>SetupDialog</name>
    <message>
        <source>Set up toolkit</source>
        <translation>设置工具包</translation>
    </message>
    <message>
        <source>None is known yet: add one that is installed, or install one below.</source>
        <translation>尚无已知的工具包：请添加已安装的，或在下方安装一个。</translation>
    </message>
    <message>
        <source>Add an interpreter…</source>
        <translation>添加解释器…</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The vendor&apos;s toolkit converts networks to .rknn and simulates the NPU. It runs in a Python interpreter of its own: whatever happens to it, the window stays.</source>
        <translation>原厂工具包把网络转换为 .rknn，并模拟 NPU。它在自己的 Python 解释器中运行：无论它发生什么，窗口都不受影响。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>described in your settings</source>
        <translation>在您的设置中描述</translation>
    </message>
    <message>
        <source>{0}  ({1})</source>
        <translation>{0}（{1}）</translation>
    </message>
    <message>
        <source>found in the folder of the program</source>
        <translation>在程序文件夹中找到</translation>
    </message>
    <message>
        <source>named by the variable {0}</source>
        <translation>由变量 {0} 指定</translation>
    </message>
    <message>
        <source>The Python interpreter that has the toolkit</source>
        <translation>装有工具包的 Python 解释器</translation>
    </message>
    <message>
        <source>Interpreters</source>
        <translation>解释器</translation>
    </message>
</context>
<context>
    <name>ShapesDialog</name>
    <message>
        <source>Shapes of {0}</source>
        <translation>{0} 的形状</translation>
    </message>
    <message>
        <source>The network leaves dimensions of its inputs open. The simulator and the NPU need numbers.</source>
        <translation>网络的输入维度未定。模拟器和 NPU 需要具体数值。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>ShortcutsWindow</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search: a key, or what it does</source>
        <translation>搜索：按键或其作用</translation>
    </message>
    <message>
        <source>Search the shortcuts</source>
        <translation>搜索快捷键</translation>
    </message>
    <message>
        <source>No shortcut has these letters.</source>
        <translation>没有匹配的快捷键。</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任意位置</translation>
    </message>
</context>
<context>
    <name>SideRow</name>
    <message>
        <source>Side {0}: session or dumps</source>
        <translation>{0} 方：会话或转储</translation>
    </message>
    <message>
        <source>Side {0}: which values</source>
        <translation>{0} 方：哪些值</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>This session</source>
        <translation>本会话</translation>
    </message>
    <message>
        <source>Side {0}: choose a session or dumps</source>
        <translation>{0} 方：选择会话或转储</translation>
    </message>
    <message>
        <source>Session&apos;s folder…</source>
        <translation>会话文件夹…</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Folder of dumps…</source>
        <translation>转储文件夹…</translation>
    </message>
    <message>
        <source>Dumps</source>
        <translation>转储</translation>
    </message>
    <message>
        <source>File of dumps…</source>
        <translation>转储文件…</translation>
    </message>
    <message>
        <source>File of dumps</source>
        <translation>转储文件</translation>
    </message>
    <message>
        <source>not run yet</source>
        <translation>尚未运行</translation>
    </message>
</context>
<context>
    <name>Simulators</name>
    <message>
        <source>Embedded</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Vendor&apos;s toolkit</source>
        <translation>原厂工具包</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Computes as the toolkit&apos;s simulator does, here, in seconds.</source>
        <translation>按工具包模拟器的方式在本机计算，只需数秒。</translation>
    </message>
    <message>
        <source>Runs the vendor&apos;s accuracy analysis with {0}; the embedded simulator runs beside it.</source>
        <translation>用 {0} 运行原厂的精度分析；内置模拟器同时运行。</translation>
    </message>
    <message>
        <source>Only golden values: for dumps of a board, or networks that are not quantized here.</source>
        <translation>仅计算 golden：用于开发板的转储，或不在此量化的网络。</translation>
    </message>
    <message>
        <source>Runs the vendor&apos;s accuracy analysis with {0}.</source>
        <translation>用 {0} 运行原厂的精度分析。</translation>
    </message>
    <message>
        <source>This is the toolkit&apos;s own graph: it can be looked at, not run.</source>
        <translation>这是工具包自己的计算图：可以查看，不能运行。</translation>
    </message>
    <message>
        <source>Open the network that it was made from.</source>
        <translation>请打开生成它的网络。</translation>
    </message>
    <message>
        <source>The vendor&apos;s toolkit is not set up.</source>
        <translation>尚未设置原厂工具包。</translation>
    </message>
    <message>
        <source>Set it up, or add one that is installed.</source>
        <translation>请设置工具包，或添加已安装的工具包。</translation>
    </message>
    <message>
        <source>The toolkit analyses networks that bring their own quantization on a board only.</source>
        <translation>自带量化的网络，工具包只能在开发板上分析。</translation>
    </message>
    <message>
        <source>Choose the embedded simulator, or open the network in float.</source>
        <translation>请选择内置模拟器，或打开浮点网络。</translation>
    </message>
    <message>
        <source>Open the network in float, or choose None and import the dumps of a board.</source>
        <translation>请打开浮点网络，或选择“无”并导入开发板的转储。</translation>
    </message>
    <message>
        <source>The toolkit makes its plan itself and takes none from a file.</source>
        <translation>工具包自行制定量化方案，不接受文件中的方案。</translation>
    </message>
    <message>
        <source>Remove the plan, or choose the embedded simulator.</source>
        <translation>请移除该方案，或选择内置模拟器。</translation>
    </message>
    <message>
        <source>The embedded simulator computes ONNX networks only; this one is of {0}.</source>
        <translation>内置模拟器只计算 ONNX 网络；此网络属于 {0}。</translation>
    </message>
    <message>
        <source>Choose the vendor&apos;s toolkit, or export the network to ONNX.</source>
        <translation>请选择原厂工具包，或将网络导出为 ONNX。</translation>
    </message>
</context>
<context>
    <name>SourceButtons</name>
    <message>
        <source>&amp;Compare vendor with embedded</source>
        <translation>比较原厂与内置模拟器(&amp;C)</translation>
    </message>
    <message>
        <source>Quantization &amp;settings</source>
        <translation>量化设置(&amp;S)</translation>
    </message>
    <message>
        <source>Set up &amp;toolkit…</source>
        <translation>设置工具包(&amp;T)…</translation>
    </message>
    <message>
        <source>Run with the vendor&apos;s toolkit first.</source>
        <translation>请先用原厂工具包运行。</translation>
    </message>
    <message>
        <source>The embedded simulator measured by the vendor&apos;s</source>
        <translation>以原厂模拟器为准衡量内置模拟器</translation>
    </message>
    <message>
        <source>Golden</source>
        <translation>Golden</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>Simulator</translation>
    </message>
    <message>
        <source>Runtime</source>
        <translation>Runtime</translation>
    </message>
    <message>
        <source>{0} add…</source>
        <translation>{0} 添加…</translation>
    </message>
    <message>
        <source>Values are there and fit the settings.</source>
        <translation>值已就绪，与设置一致。</translation>
    </message>
    <message>
        <source>Values are from before the last change of settings; Run computes them again.</source>
        <translation>值早于最近一次设置更改；运行将重新计算。</translation>
    </message>
    <message>
        <source>The numbers are those of a report; there are no tensors.</source>
        <translation>数值来自报告；没有张量。</translation>
    </message>
    <message>
        <source>No values yet.</source>
        <translation>尚无值。</translation>
    </message>
    <message>
        <source>Connect a board or import its dumps.</source>
        <translation>请连接开发板，或导入其转储。</translation>
    </message>
    <message>
        <source>Run computes them on {0}.</source>
        <translation>运行时会在 {0} 上计算。</translation>
    </message>
    <message>
        <source>Imported from {0}</source>
        <translation>导入自 {0}</translation>
    </message>
    <message>
        <source>Computed in {0:.1f} s</source>
        <translation>计算用时 {0:.1f} 秒</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>golden</source>
        <translation>golden</translation>
    </message>
    <message>
        <source>simulator</source>
        <translation>simulator</translation>
    </message>
    <message>
        <source>simulator, single layers</source>
        <translation>simulator（单层）</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
    <message>
        <source>vendor&apos;s toolkit</source>
        <translation>原厂工具包</translation>
    </message>
    <message>
        <source>embedded simulator</source>
        <translation>内置模拟器</translation>
    </message>
    <message>
        <source>golden of the embedded simulator</source>
        <translation>内置模拟器的 golden</translation>
    </message>
    <message>
        <source>all tensors</source>
        <translation>全部张量</translation>
    </message>
</context>
<context>
    <name>SourcesField</name>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>simulator, as the session</source>
        <translation>模拟器，与会话相同</translation>
    </message>
    <message>
        <source>vendor&apos;s toolkit</source>
        <translation>原厂工具包</translation>
    </message>
    <message>
        <source>board</source>
        <translation>开发板</translation>
    </message>
    <message>
        <source>name:method=layer</source>
        <translation>名称:method=layer</translation>
    </message>
    <message>
        <source>Another source</source>
        <translation>其他来源</translation>
    </message>
    <message>
        <source>NAME:KEY=VALUE,…  keys: dtype, method, algorithm, optimization_level, cfg, float_tensors…</source>
        <translation>名称:键=值,…  键：dtype、method、algorithm、optimization_level、cfg、float_tensors…</translation>
    </message>
    <message>
        <source>The session has no board: choose one first.</source>
        <translation>会话没有开发板：请先选择。</translation>
    </message>
    <message>
        <source>Leave {0} out ({1})</source>
        <translation>去掉 {0}（{1}）</translation>
    </message>
    <message>
        <source>Add the simulator with other settings</source>
        <translation>添加使用其他设置的模拟器</translation>
    </message>
    <message>
        <source>Per layer</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>Per channel</source>
        <translation>按通道</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL 散度</translation>
    </message>
    <message>
        <source>A plan from a file…</source>
        <translation>文件中的量化方案…</translation>
    </message>
    <message>
        <source>Plans</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>A plan</source>
        <translation>量化方案</translation>
    </message>
</context>
<context>
    <name>StaleBar</name>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>The network has not run on the board with these settings. Run does only that.</source>
        <translation>网络尚未以这些设置在开发板上运行。“运行”只做这一步。</translation>
    </message>
    <message>
        <source>golden</source>
        <translation>golden</translation>
    </message>
    <message>
        <source>simulator</source>
        <translation>simulator</translation>
    </message>
    <message>
        <source>runtime</source>
        <translation>runtime</translation>
    </message>
    <message>
        <source>comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Settings have changed. Out of date: {0}. Run computes only these again.</source>
        <translation>设置已更改。已过期：{0}。运行只会重新计算这些。</translation>
    </message>
</context>
<context>
    <name>Stop</name>
    <message>
        <source>Run: {0}</source>
        <translation>运行：{0}</translation>
    </message>
    <message>
        <source>Check a buffer…</source>
        <translation>检查缓冲区…</translation>
    </message>
    <message>
        <source>Show the finding</source>
        <translation>显示该诊断结果</translation>
    </message>
</context>
<context>
    <name>Studies</name>
    <message>
        <source>Sweep</source>
        <translation>参数扫描</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>No network is open.</source>
        <translation>尚未打开网络。</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>In the dump</source>
        <translation>转储中</translation>
    </message>
    <message>
        <source>In the network</source>
        <translation>网络中</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation>相似度</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值个数</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Next best</source>
        <translation>次优</translation>
    </message>
    <message>
        <source>How much nearer this one is than the next best; 1 is certain</source>
        <translation>比次优接近多少；1 表示确定</translation>
    </message>
    <message>
        <source>Agreement of the values (Lin&apos;s concordance; of integers their correlation)</source>
        <translation>数值的一致程度（Lin 一致性系数；整数为相关系数）</translation>
    </message>
    <message>
        <source>How many values were compared</source>
        <translation>比较了多少个数值</translation>
    </message>
    <message>
        <source>Other tensors have the very same values; only the order tells them apart: {0}</source>
        <translation>其他张量的数值完全相同，只能按顺序区分：{0}</translation>
    </message>
</context>
<context>
    <name>Sweep</name>
    <message>
        <source>calibration inputs</source>
        <translation>校准输入数量</translation>
    </message>
    <message>
        <source>channel order</source>
        <translation>通道顺序</translation>
    </message>
    <message>
        <source>level</source>
        <translation>优化等级</translation>
    </message>
    <message>
        <source>data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>worst input</source>
        <translation>最差输入</translation>
    </message>
    <message>
        <source>time [s]</source>
        <translation>用时 [秒]</translation>
    </message>
    <message>
        <source>Cosine of the worst output with golden, the mean over the inputs</source>
        <translation>最差输出与 golden 的余弦，对输入取平均</translation>
    </message>
    <message>
        <source>Cosine of the worst output for the input where it is worst</source>
        <translation>最差输出在最差输入上的余弦</translation>
    </message>
    <message>
        <source>How long it was computed</source>
        <translation>计算用时</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
    <message>
        <source>computed in {0}</source>
        <translation>计算用时 {0}</translation>
    </message>
</context>
<context>
    <name>SweepPage</name>
    <message>
        <source>What is varied</source>
        <translation>扫描什么</translation>
    </message>
    <message>
        <source>Show or hide what is varied</source>
        <translation>显示或隐藏扫描内容</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Compare with the session</source>
        <translation>与会话比较</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>使用这些设置</translation>
    </message>
    <message>
        <source>Add inputs…</source>
        <translation>添加输入…</translation>
    </message>
    <message>
        <source>Settings that were swept</source>
        <translation>扫描过的设置</translation>
    </message>
    <message>
        <source>Compare the settings with the session</source>
        <translation>将这些设置与会话比较</translation>
    </message>
    <message>
        <source>embedded simulator</source>
        <translation>内置模拟器</translation>
    </message>
    <message>
        <source>vendor&apos;s toolkit</source>
        <translation>原厂工具包</translation>
    </message>
    <message>
        <source>What simulates the settings</source>
        <translation>用什么模拟</translation>
    </message>
    <message>
        <source>Left out: {0} ({1})</source>
        <translation>略去：{0}（{1}）</translation>
    </message>
    <message>
        <source>{0} of {1} known</source>
        <translation>已知 {0} / {1}</translation>
    </message>
    <message>
        <source>Compute {0}</source>
        <translation>计算 {0} 组</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>All of it is known already.</source>
        <translation>全部已知。</translation>
    </message>
</context>
<context>
    <name>Sweeping</name>
    <message>
        <source>No network is open.</source>
        <translation>尚未打开网络。</translation>
    </message>
    <message>
        <source>Add inputs in the Settings tab: the settings are compared on them.</source>
        <translation>请在“设置”页添加输入：各组设置在这些输入上比较。</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>参数扫描</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>打开 {0}</translation>
    </message>
    <message>
        <source>The sweep was cancelled; what it computed is kept.</source>
        <translation>扫描已取消；已计算的结果会保留。</translation>
    </message>
    <message>
        <source>The session has these settings now; run it (F5) to see all layers.</source>
        <translation>会话现在使用这些设置；运行 (F5) 即可查看所有层。</translation>
    </message>
    <message>
        <source>These are the session&apos;s settings already.</source>
        <translation>会话已经是这些设置。</translation>
    </message>
</context>
<context>
    <name>TableActions</name>
    <message>
        <source>Switch the precision</source>
        <translation>切换精度</translation>
    </message>
    <message>
        <source>Pin or unpin</source>
        <translation>置顶或取消置顶</translation>
    </message>
    <message>
        <source>Write a note…</source>
        <translation>写备注…</translation>
    </message>
    <message>
        <source>Copy the rows (TSV)</source>
        <translation>复制行（TSV）</translation>
    </message>
    <message>
        <source>Copy the rows as Markdown</source>
        <translation>复制行（Markdown）</translation>
    </message>
    <message>
        <source>Choose the columns…</source>
        <translation>选择列…</translation>
    </message>
    <message>
        <source>Sort by…</source>
        <translation>排序方式…</translation>
    </message>
    <message>
        <source>Group by scope</source>
        <translation>按作用域分组</translation>
    </message>
    <message>
        <source>Fold all scopes</source>
        <translation>折叠所有作用域</translation>
    </message>
    <message>
        <source>Unfold all scopes</source>
        <translation>展开所有作用域</translation>
    </message>
</context>
<context>
    <name>TableFoot</name>
    <message>
        <source>No layer satisfies the filter; Esc in its field clears it.</source>
        <translation>没有符合筛选条件的层；在筛选框中按 Esc 可清除。</translation>
    </message>
    <message>
        <source>No layer has a value of {0}.</source>
        <translation>没有任何层具有{0}的值。</translation>
    </message>
    <message>
        <source>Layers: {0}</source>
        <translation>层：{0}</translation>
    </message>
    <message>
        <source>Layers: {0} of {1}</source>
        <translation>层：{0} / {1}</translation>
    </message>
    <message>
        <source>selected: {0}</source>
        <translation>已选 {0} 行</translation>
    </message>
    <message>
        <source>no partner in {0}: {1}</source>
        <translation>{0} 中无对应：{1}</translation>
    </message>
    <message>
        <source>no errors: there is only golden</source>
        <translation>没有误差：只有 golden</translation>
    </message>
    <message>
        <source>the names have no scopes</source>
        <translation>名称中没有作用域</translation>
    </message>
</context>
<context>
    <name>Tabs</name>
    <message>
        <source>All tabs</source>
        <translation>所有标签页</translation>
    </message>
</context>
<context>
    <name>TargetFile</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>It exists already and will be replaced.</source>
        <translation>文件已存在，将被替换。</translation>
    </message>
    <message>
        <source>Write the .rknn</source>
        <translation>写出 .rknn</translation>
    </message>
</context>
<context>
    <name>TensorControls</name>
    <message>
        <source>Heatmaps</source>
        <translation>热图</translation>
    </message>
    <message>
        <source>Histograms</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Scatter plot</source>
        <translation>散点图</translation>
    </message>
    <message>
        <source>Weights and bias of the layer</source>
        <translation>该层的权重和偏置</translation>
    </message>
    <message>
        <source>entire</source>
        <translation>entire</translation>
    </message>
    <message>
        <source>single</source>
        <translation>single</translation>
    </message>
    <message>
        <source>Every layer feeds the next: errors add up</source>
        <translation>各层首尾相接：误差会累积</translation>
    </message>
    <message>
        <source>Every layer gets golden inputs: its own error alone</source>
        <translation>每层输入为 golden：只有自身误差</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Copy and save</source>
        <translation>复制与保存</translation>
    </message>
    <message>
        <source>Copy as numpy, save as npy, png or csv</source>
        <translation>复制为 numpy，或保存为 npy、png、csv</translation>
    </message>
    <message>
        <source>There are no tensors of single layers here; the vendor&apos;s toolkit keeps only their numbers</source>
        <translation>没有单层的张量；原厂工具包只保留其数值</translation>
    </message>
    <message>
        <source>Next channel</source>
        <translation>下一个通道</translation>
    </message>
    <message>
        <source>Previous channel</source>
        <translation>上一个通道</translation>
    </message>
    <message>
        <source>Worst channel</source>
        <translation>最差通道</translation>
    </message>
    <message>
        <source>Channels or features, the worst first</source>
        <translation>通道或特征，误差最大的在前</translation>
    </message>
    <message>
        <source>Go to the worst channel, of a matrix or a line to the worst element (Shift+W)</source>
        <translation>转到最差的通道；对于矩阵或一维张量，转到最差的元素 (Shift+W)</translation>
    </message>
    <message>
        <source> of {0}</source>
        <translation> / {0}</translation>
    </message>
</context>
<context>
    <name>TensorExport</name>
    <message>
        <source>Copy as numpy</source>
        <translation>复制为 numpy</translation>
    </message>
    <message>
        <source>Save what is shown…</source>
        <translation>保存所示内容…</translation>
    </message>
    <message>
        <source>Save the whole tensor…</source>
        <translation>保存整个张量…</translation>
    </message>
    <message>
        <source>Copied {0} as numpy.</source>
        <translation>已将 {0} 复制为 numpy。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Save {0}</source>
        <translation>保存 {0}</translation>
    </message>
    <message>
        <source>Saved {0}.</source>
        <translation>已保存 {0}。</translation>
    </message>
</context>
<context>
    <name>TensorFiles</name>
    <message>
        <source>{0} values are too many to copy as text.</source>
        <translation>{0} 个数值太多，无法复制为文本。</translation>
    </message>
    <message>
        <source>Save them as .npy instead.</source>
        <translation>请改为保存成 .npy 文件。</translation>
    </message>
    <message>
        <source>{0} would be too large for a picture.</source>
        <translation>{0} 作为图片会过大。</translation>
    </message>
    <message>
        <source>{0} is no kind of file that can be written.</source>
        <translation>无法写入 {0} 这种文件。</translation>
    </message>
    <message>
        <source>Name it .npy, .csv or .png.</source>
        <translation>请将扩展名设为 .npy、.csv 或 .png。</translation>
    </message>
</context>
<context>
    <name>TensorPane</name>
    <message>
        <source>The whole tensor: {0}</source>
        <translation>整个张量：{0}</translation>
    </message>
</context>
<context>
    <name>TensorPanes</name>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Input {0}</source>
        <translation>输入 {0}</translation>
    </message>
    <message>
        <source>These are the numbers of a report. To see tensors, open its network and import the dumps.</source>
        <translation>这些是报告中的数值。若要查看张量，请打开其网络并导入转储。</translation>
    </message>
    <message>
        <source>This is the toolkit&apos;s own graph: it has no values.</source>
        <translation>这是工具包自己的计算图：没有数值。</translation>
    </message>
    <message>
        <source>Add inputs in the Settings tab, then run the analysis to see tensors.</source>
        <translation>请在“设置”页添加输入，然后运行分析以查看张量。</translation>
    </message>
    <message>
        <source>Run the analysis to see tensors.</source>
        <translation>运行分析以查看张量。</translation>
    </message>
    <message>
        <source>Select a layer to see its tensors.</source>
        <translation>选择一层以查看其张量。</translation>
    </message>
    <message>
        <source>There are no values of {0} yet.</source>
        <translation>尚无 {0} 的值。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Connect a board or import its dumps.</source>
        <translation>请连接开发板或导入其转储。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>simulator on the board&apos;s inputs</source>
        <translation>simulator（用开发板的输入）</translation>
    </message>
</context>
<context>
    <name>Tensors</name>
    <message>
        <source>This dump has no tensor {0}.</source>
        <translation>该转储中没有张量 {0}。</translation>
    </message>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
    <message>
        <source>Its shape is {0}, that of the others is {1}.</source>
        <translation>它的形状是 {0}，其他来源的形状是 {1}。</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>head</source>
        <translation>头</translation>
    </message>
    <message>
        <source>{0} … {1}   mean {2}   σ {3}</source>
        <translation>{0} … {1}   均值 {2}   σ {3}</translation>
    </message>
    <message>
        <source>mean of {0} channels</source>
        <translation>{0} 个通道的均值</translation>
    </message>
    <message>
        <source>root mean square of {0} channels</source>
        <translation>{0} 个通道的均方根</translation>
    </message>
    <message>
        <source>stored {0}</source>
        <translation>存储值 {0}</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>{0} in {1} of {2} channels, first in {3}</source>
        <translation>{0}：{2} 个通道中的 {1} 个，首个为 {3}</translation>
    </message>
    <message>
        <source>{0} steps</source>
        <translation>{0} 步</translation>
    </message>
    <message>
        <source>page</source>
        <translation>页</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>Timing</name>
    <message>
        <source>These are times of a board, and there are no layers yet that they belong to.</source>
        <translation>这些是开发板的耗时，但还没有对应的层。</translation>
    </message>
    <message>
        <source>Open the network and run it first.</source>
        <translation>请先打开网络并运行。</translation>
    </message>
    <message>
        <source>Times of the board: {0} layers, of which {1} rows of the table have one.</source>
        <translation>开发板耗时：{0} 层，表中 {1} 行有耗时。</translation>
    </message>
</context>
<context>
    <name>ToolBar</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open a network or a session</source>
        <translation>打开网络或会话</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Run  F5</source>
        <translation>运行  F5</translation>
    </message>
    <message>
        <source>Add inputs</source>
        <translation>添加输入</translation>
    </message>
    <message>
        <source>Analysed inputs: {0}</source>
        <translation>待分析的输入：{0}</translation>
    </message>
</context>
<context>
    <name>Toolkit</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>inputs: {0}</source>
        <translation>输入数：{0}</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>Input {0}</source>
        <translation>输入 {0}</translation>
    </message>
    <message>
        <source>{0} is the toolkit&apos;s own graph: open the network that it was made of.</source>
        <translation>{0} 是工具包自己的计算图：请打开生成它的网络。</translation>
    </message>
    <message>
        <source>RKNN-Toolkit2 does not convert for {0}: choose another target.</source>
        <translation>RKNN-Toolkit2 不支持转换到 {0}：请选择其他目标平台。</translation>
    </message>
    <message>
        <source>The NPU does not compute in {0}: choose another data type.</source>
        <translation>NPU 不以 {0} 计算：请选择其他数据类型。</translation>
    </message>
    <message>
        <source>{0} does not have {1}: choose another target or data type.</source>
        <translation>{0} 没有 {1}：请选择其他目标平台或数据类型。</translation>
    </message>
    <message>
        <source>There is nothing to calibrate with: choose a calibration dataset in the settings.</source>
        <translation>没有可用于校准的数据：请在设置中选择校准数据集。</translation>
    </message>
    <message>
        <source>The toolkit takes no ranges of single tensors: remove them.</source>
        <translation>工具包不接受单个张量的取值范围：请将其移除。</translation>
    </message>
    <message>
        <source>The toolkit makes its plan itself: remove the one that was imported.</source>
        <translation>工具包自行制定量化方案：请移除已导入的方案。</translation>
    </message>
</context>
<context>
    <name>ToolkitChoice</name>
    <message>
        <source>Toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>The vendor&apos;s toolkit is not set up.</source>
        <translation>原厂工具包尚未设置。</translation>
    </message>
    <message>
        <source>Set up toolkit…</source>
        <translation>设置工具包…</translation>
    </message>
</context>
<context>
    <name>ToolkitField</name>
    <message>
        <source>e.g. {0}</source>
        <translation>例如 {0}</translation>
    </message>
</context>
<context>
    <name>ToolkitList</name>
    <message>
        <source>Toolkits</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>Toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Loads</source>
        <translation>可加载</translation>
    </message>
    <message>
        <source>Forget the chosen toolkit</source>
        <translation>移除所选的工具包</translation>
    </message>
    <message>
        <source>✖ cannot be used</source>
        <translation>✖ 无法使用</translation>
    </message>
    <message>
        <source>◌ looking…</source>
        <translation>◌ 正在检查…</translation>
    </message>
    <message>
        <source>● ready, used</source>
        <translation>● 可用，默认</translation>
    </message>
    <message>
        <source>● ready</source>
        <translation>● 可用</translation>
    </message>
</context>
<context>
    <name>ToolkitOptions</name>
    <message>
        <source>Reset all options of the toolkit</source>
        <translation>重置工具包的所有选项</translation>
    </message>
    <message>
        <source>Toolkit</source>
        <translation>工具包</translation>
    </message>
    <message>
        <source>Vendor&apos;s toolkit</source>
        <translation>原厂工具包</translation>
    </message>
    <message>
        <source>Options of the toolkit&apos;s conversion and simulation</source>
        <translation>工具包转换与仿真的选项</translation>
    </message>
    <message>
        <source>usual: {0}</source>
        <translation>默认：{0}</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>{0}, not described here</source>
        <translation>{0}（此处没有描述）</translation>
    </message>
</context>
<context>
    <name>Toolkits</name>
    <message>
        <source>Look at {0}</source>
        <translation>检查 {0}</translation>
    </message>
    <message>
        <source>Nobody has looked whether it works.</source>
        <translation>尚未检查它是否可用。</translation>
    </message>
    <message>
        <source>Set up the toolkit</source>
        <translation>设置工具包</translation>
    </message>
    <message>
        <source>The toolkit is set up: {0}</source>
        <translation>工具包已设置：{0}</translation>
    </message>
</context>
<context>
    <name>Touring</name>
    <message>
        <source>What goes in</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>These pictures are fed to the network. With a network of your own, drop yours on the window.</source>
        <translation>这些图片会送入网络。使用自己的网络时，将您的图片拖到窗口上即可。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Press F5. The network runs in float (golden) and as the NPU computes it (simulator), and every layer of both is compared.</source>
        <translation>按 F5。网络分别以浮点（golden）和 NPU 的计算方式（模拟器）运行，并逐层比较。</translation>
    </message>
    <message>
        <source>The worst layer</source>
        <translation>最差的层</translation>
    </message>
    <message>
        <source>After a run the worst layer is selected. Press ] and [ to go to the next better and the next worse one, or choose any: it is selected everywhere.</source>
        <translation>运行后会选中最差的层。按 ] 和 [ 转到下一个更好或更差的层，也可任选一层：各视图会同步选中。</translation>
    </message>
    <message>
        <source>Its values</source>
        <translation>张量的数值</translation>
    </message>
    <message>
        <source>The same tensor from each source, and the difference. Zoom with the wheel, all panes follow; 1 2 3 and D enlarge one, Esc goes back.</source>
        <translation>各来源的同一张量及其差值。用滚轮缩放，所有窗格同步；按 1 2 3 和 D 放大一个窗格，Esc 返回。</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>层的详情</translation>
    </message>
    <message>
        <source>“Entire” is the error that has grown up to here, “single” what this layer adds by itself. Where single is bad, this layer is the cause.</source>
        <translation>“entire” 是累积到此处的误差，“single” 是该层自身引入的误差。single 差，说明问题出在该层。</translation>
    </message>
    <message>
        <source>What if?</source>
        <translation>试算：换一种精度</translation>
    </message>
    <message>
        <source>Keep this layer in float16 (or press Space in the table): only what that changes is computed again, and you see what it brings. Ctrl+Z takes it back.</source>
        <translation>让该层保持 float16（或在表格中按空格键）：只重新计算受影响的部分，即可看到效果。Ctrl+Z 可撤销。</translation>
    </message>
    <message>
        <source>And on</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Ctrl+Shift+P finds every command, Ctrl+/ shows all keys, F1 the help. File, Export… writes a report for others.</source>
        <translation>Ctrl+Shift+P 可查找所有命令，Ctrl+/ 显示所有按键，F1 打开帮助。“文件 › 导出…”可生成报告供他人查看。</translation>
    </message>
</context>
<context>
    <name>TwinView</name>
    <message>
        <source>Graph of the original network</source>
        <translation>原始网络的计算图</translation>
    </message>
    <message>
        <source>Graph of the optimised network</source>
        <translation>优化后网络的计算图</translation>
    </message>
    <message>
        <source>Laying out the graph…</source>
        <translation>正在布局…</translation>
    </message>
    <message>
        <source>The graph cannot be drawn: {0}</source>
        <translation>无法绘制计算图：{0}</translation>
    </message>
    <message>
        <source>Original: {0} layers</source>
        <translation>原始网络：{0} 层</translation>
    </message>
    <message>
        <source>Optimised for {0}, {1}: {2} operators</source>
        <translation>为 {0}、{1} 优化：{2} 个算子</translation>
    </message>
</context>
<context>
    <name>ValuesPane</name>
    <message>
        <source>Whole tensor</source>
        <translation>整个张量</translation>
    </message>
    <message>
        <source>Largest differences</source>
        <translation>最大差值</translation>
    </message>
    <message>
        <source>Copy the statistics</source>
        <translation>复制统计</translation>
    </message>
    <message>
        <source>Copy the elements</source>
        <translation>复制元素</translation>
    </message>
    <message>
        <source>Show the element in the planes</source>
        <translation>在平面图中显示该元素</translation>
    </message>
    <message>
        <source>Largest differences, {0}</source>
        <translation>最大差值，{0}</translation>
    </message>
    <message>
        <source>Enter shows it in the planes.</source>
        <translation>按 Enter 在平面图中显示。</translation>
    </message>
    <message>
        <source>There is nothing to compare.</source>
        <translation>没有可比较的内容。</translation>
    </message>
    <message>
        <source>There is no difference.</source>
        <translation>两者完全相同。</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>min</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>零值</translation>
    </message>
    <message>
        <source>NaN</source>
        <translation>NaN</translation>
    </message>
    <message>
        <source>std</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>infinite</source>
        <translation>无穷值</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>元素</translation>
    </message>
    <message>
        <source>index</source>
        <translation>索引</translation>
    </message>
    <message>
        <source>stored</source>
        <translation>存储值</translation>
    </message>
    <message>
        <source>Saturated: it lies beyond what can be stored.</source>
        <translation>饱和：超出可存储范围。</translation>
    </message>
</context>
<context>
    <name>ViewMenu</name>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>WayButton</name>
    <message>
        <source>What is shown of the channels</source>
        <translation>通道的显示方式</translation>
    </message>
    <message>
        <source>One channel</source>
        <translation>单个通道</translation>
    </message>
    <message>
        <source>All channels as tiles</source>
        <translation>所有通道平铺</translation>
    </message>
    <message>
        <source>Mean of all channels</source>
        <translation>所有通道的均值</translation>
    </message>
    <message>
        <source>Magnitude (root mean square) of all channels</source>
        <translation>所有通道的幅值（均方根）</translation>
    </message>
    <message>
        <source>NaN and infinity</source>
        <translation>NaN 与无穷大</translation>
    </message>
    <message>
        <source>Choose axes</source>
        <translation>选择轴</translation>
    </message>
    <message>
        <source>Channels are the last axis (NHWC)</source>
        <translation>通道在最后一维 (NHWC)</translation>
    </message>
    <message>
        <source>Tiles</source>
        <translation>平铺</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Magnitude</source>
        <translation>幅值</translation>
    </message>
    <message>
        <source>NaN, ∞</source>
        <translation>NaN、∞</translation>
    </message>
</context>
<context>
    <name>WhatIfBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Go back to the settings before; nothing has to be computed</source>
        <translation>恢复之前的设置，无需重新计算</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>The next change is compared with these values; the old ones are forgotten</source>
        <translation>下一次更改将与这些值比较，旧值不再保留</translation>
    </message>
    <message>
        <source>What if: {0} changed. Layers by {1}: {2} better, {3} worse.</source>
        <translation>试算：已更改 {0}。按 {1} 统计：{2} 层变好，{3} 层变差。</translation>
    </message>
</context>
<context>
    <name>WishForm</name>
    <message>
        <source>cos at least</source>
        <translation>cos 至少</translation>
    </message>
    <message>
        <source>cost at most</source>
        <translation>代价至多</translation>
    </message>
    <message>
        <source>those analysed</source>
        <translation>参与分析的</translation>
    </message>
    <message>
        <source>Free all locked layers</source>
        <translation>解除所有锁定</translation>
    </message>
    <message>
        <source>{0}; more from the menu of table and graph</source>
        <translation>{0}；在表格和图的菜单中添加</translation>
    </message>
    <message>
        <source>none; from the menu of table and graph</source>
        <translation>无；可在表格和图的菜单中锁定</translation>
    </message>
    <message>
        <source>Least cosine of every output</source>
        <translation>每个输出的最小余弦</translation>
    </message>
    <message>
        <source>Greatest cost</source>
        <translation>最大代价</translation>
    </message>
    <message>
        <source>What a choice costs</source>
        <translation>代价按什么计算</translation>
    </message>
    <message>
        <source>What the spared layers compute in</source>
        <translation>保持高精度的层采用的类型</translation>
    </message>
    <message>
        <source>Inputs that it must hold for</source>
        <translation>须满足的输入个数</translation>
    </message>
    <message>
        <source>Choices that are tried</source>
        <translation>尝试的方案数</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>代价</translation>
    </message>
    <message>
        <source>in</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>try</source>
        <translation>最多试</translation>
    </message>
    <message>
        <source>Locked layers</source>
        <translation>锁定的层</translation>
    </message>
</context>
<context>
    <name>ZoomPlot</name>
    <message>
        <source>Plot</source>
        <translation>曲线图</translation>
    </message>
    <message>
        <source>Move what is seen</source>
        <translation>移动视野</translation>
    </message>
    <message>
        <source>Zoom in or out</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
</context>
<context>
    <name>_Header</name>
    <message>
        <source>Double click to enlarge (keys 1, 2, 3, 4)</source>
        <translation>双击放大（按键 1、2、3、4）</translation>
    </message>
</context>
</TS>
