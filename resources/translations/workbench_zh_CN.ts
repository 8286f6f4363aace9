<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a &amp;session&apos;s folder…</source>
        <translation>打开会话文件夹(&amp;S)…</translation>
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
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
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
        <source>&amp;Export the plan…</source>
        <translation>导出量化方案(&amp;E)…</translation>
    </message>
    <message>
        <source>Re&amp;move the plan</source>
        <translation>移除量化方案(&amp;M)</translation>
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
        <translation>过滤表格(&amp;T)</translation>
    </message>
    <message>
        <source>Show the whole &amp;graph</source>
        <translation>显示整个图(&amp;G)</translation>
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
        <source>Log and &amp;messages</source>
        <translation>日志与消息(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;About RKNN Workbench</source>
        <translation>关于 RKNN Workbench(&amp;A)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
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
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;First steps</source>
        <translation>入门(&amp;F)</translation>
    </message>
    <message>
        <source>The &amp;window and its keys</source>
        <translation>窗口与快捷键(&amp;W)</translation>
    </message>
    <message>
        <source>What the &amp;numbers mean</source>
        <translation>数值的含义(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Preprocessing and datasets</source>
        <translation>预处理与数据集(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Dumps from a board</source>
        <translation>板端转储(&amp;D)</translation>
    </message>
    <message>
        <source>Data &amp;types and chips</source>
        <translation>数据类型与芯片(&amp;T)</translation>
    </message>
</context>
<context>
    <name>ColouringButton</name>
    <message>
        <source>simulator, entire</source>
        <translation>simulator，entire</translation>
    </message>
    <message>
        <source>simulator, single</source>
        <translation>simulator，single</translation>
    </message>
    <message>
        <source>runtime, entire</source>
        <translation>runtime，entire</translation>
    </message>
    <message>
        <source>runtime, single_sim</source>
        <translation>runtime，single_sim</translation>
    </message>
    <message>
        <source>Coloured by: {0} of {1}</source>
        <translation>着色依据：{1} 的{0}</translation>
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
        <source>RKNN Workbench runs an ONNX network on the float reference and on a simulator of the Rockchip NPU, and shows layer by layer where the numbers part.</source>
        <translation>RKNN Workbench 在浮点参考和 Rockchip NPU 模拟器上运行 ONNX 网络，逐层显示数值从哪里开始偏离。</translation>
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
        <translation>golden 与模拟</translation>
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
    <name>GraphCanvas</name>
    <message>
        <source>Graph of the network</source>
        <translation>网络图</translation>
    </message>
</context>
<context>
    <name>GraphLegend</name>
    <message>
        <source>{0} of {1}: colour by another value</source>
        <translation>{1} 的{0}：按其他数值着色</translation>
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
    <name>GraphView</name>
    <message>
        <source>Open a network to see its graph.</source>
        <translation>打开网络即可查看其结构图。</translation>
    </message>
    <message>
        <source>Laying out the graph…</source>
        <translation>正在布局…</translation>
    </message>
    <message>
        <source>The graph cannot be drawn: {0}</source>
        <translation>无法绘制结构图：{0}</translation>
    </message>
    <message>
        <source>This network has no layers.</source>
        <translation>此网络没有层。</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
</context>
<context>
    <name>HistogramPane</name>
    <message>
        <source>logarithmic counts</source>
        <translation>对数计数</translation>
    </message>
    <message>
        <source>Values of the whole tensor</source>
        <translation>整个张量的值</translation>
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
        <translation>.npy 文件夹、工具的 snapshot，或 .npz、.h5 文件</translation>
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
        <translation>张量按名称匹配；找不到对应的会列出，从不猜测。</translation>
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
    <name>InputsPanel</name>
    <message>
        <source>Analysed inputs</source>
        <translation>分析的输入</translation>
    </message>
    <message>
        <source>Add pictures, .npy or .bin files, or drop them on the window.</source>
        <translation>添加图片、.npy 或 .bin 文件，或把它们拖到窗口里。</translation>
    </message>
    <message>
        <source>Inputs to analyse</source>
        <translation>要分析的输入</translation>
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
        <translation>用分析的输入校准</translation>
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
        <source>the analysed inputs ({0})</source>
        <translation>分析的输入（{0}）</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
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
        <translation>缩放系数 (scale)</translation>
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
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
</context>
<context>
    <name>JobsStrip</name>
    <message>
        <source>Show log and messages (Ctrl+J)</source>
        <translation>显示日志与消息 (Ctrl+J)</translation>
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
        <translation>Simulator</translation>
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
    <name>LayerMenu</name>
    <message>
        <source>Edit the range…</source>
        <translation>编辑范围…</translation>
    </message>
    <message>
        <source>Undo the what-if</source>
        <translation>撤销假设</translation>
    </message>
    <message>
        <source>Copy the tensor&apos;s name</source>
        <translation>复制张量名称</translation>
    </message>
    <message>
        <source>No other precision is possible here</source>
        <translation>此处没有其他可选精度</translation>
    </message>
    <message>
        <source>Compute in {0}</source>
        <translation>以 {0} 计算</translation>
    </message>
</context>
<context>
    <name>LayerTable</name>
    <message>
        <source>Worst layers first (W)</source>
        <translation>最差的层在前 (W)</translation>
    </message>
    <message>
        <source>Filter: name, op:Conv, cos&lt;0.99</source>
        <translation>过滤：名称、op:Conv、cos&lt;0.99</translation>
    </message>
    <message>
        <source>Filter of the layer table</source>
        <translation>层表过滤器</translation>
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
        <source>Words match the operator, the tensor or its group; op: also the operators of a fused layer.
op:Conv   name:conv_3   cos&lt;0.99   single.euc&gt;10   runtime.cos&lt;0.9   sqnr&lt;20
A leading - negates a term; all terms must hold.</source>
        <translation>词匹配算子、张量或其所在组；op: 也匹配融合层中的算子。
op:Conv   name:conv_3   cos&lt;0.99   single.euc&gt;10   runtime.cos&lt;0.9   sqnr&lt;20
前置 - 表示取反；所有条件须同时成立。</translation>
    </message>
    <message>
        <source>Not understood: {0}</source>
        <translation>无法理解：{0}</translation>
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
        <source>no partner in {0}: {1}</source>
        <translation>{0} 中无对应：{1}</translation>
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
        <source>= {0} of yours</source>
        <translation>= 您网络中的 {0}</translation>
    </message>
    <message>
        <source>One layer on the NPU, together with:</source>
        <translation>在 NPU 上与以下张量合为一层：</translation>
    </message>
    <message>
        <source>Compared with golden {0} (matched by {1})</source>
        <translation>与 golden {0} 比较（匹配方式：{1}）</translation>
    </message>
    <message>
        <source>▲ marks values above {0}, as the toolkit does</source>
        <translation>▲ 标记大于 {0} 的值，与工具包相同</translation>
    </message>
    <message>
        <source>▲ marks values below {0}, as the toolkit does</source>
        <translation>▲ 标记小于 {0} 的值，与工具包相同</translation>
    </message>
</context>
<context>
    <name>LayerView</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
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
        <source>note</source>
        <translation>备注</translation>
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
    <name>MainWindow</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
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
        <source>Open a network or a session</source>
        <translation>打开网络或会话</translation>
    </message>
    <message>
        <source>Open a session&apos;s folder</source>
        <translation>打开会话文件夹</translation>
    </message>
    <message>
        <source>Save the session as a new folder</source>
        <translation>将会话另存为新文件夹</translation>
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
    <message>
        <source>The language changes when the program is started again.</source>
        <translation>语言将在程序重新启动后更改。</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>All messages</source>
        <translation>全部消息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
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
</context>
<context>
    <name>Minimap</name>
    <message>
        <source>Overview of the graph</source>
        <translation>结构图概览</translation>
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
    <name>PaneRow</name>
    <message>
        <source>There is nothing to compare with golden.</source>
        <translation>没有可与 golden 比较的内容。</translation>
    </message>
    <message>
        <source>Choose the source that is compared with golden</source>
        <translation>选择与 golden 比较的来源</translation>
    </message>
    <message>
        <source>Connect a board or import its dumps.</source>
        <translation>连接开发板或导入其转储。</translation>
    </message>
    <message>
        <source>No values.</source>
        <translation>没有值。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>This tensor has no elements.</source>
        <translation>此张量没有元素。</translation>
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
        <translation>差</translation>
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
        <source>QDQ network</source>
        <translation>QDQ 网络</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>The toolkit&apos;s cfg</source>
        <translation>工具包的 cfg</translation>
    </message>
    <message>
        <source>Export the plan</source>
        <translation>导出量化方案</translation>
    </message>
    <message>
        <source>Export {0}</source>
        <translation>导出 {0}</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>The next run takes the encodings of {0} tensors from {1}; nothing is calibrated.</source>
        <translation>下次运行采用 {1} 中 {0} 个张量的编码，不再校准。</translation>
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
        <source>Stretch (as the toolkit)</source>
        <translation>拉伸（与工具一致）</translation>
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
        <translation>网络所见</translation>
    </message>
    <message>
        <source>Its first three channels as red, green and blue: in BGR, red and blue are exchanged.</source>
        <translation>前三个通道按红、绿、蓝显示：BGR 时红蓝互换。</translation>
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
        <translation>目标芯片</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Algorithm</source>
        <translation>算法</translation>
    </message>
    <message>
        <source>Optimization level</source>
        <translation>优化级别</translation>
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
        <translation>内置模拟器不支持；厂商工具包支持</translation>
    </message>
    <message>
        <source>{0} stores no weights in integers</source>
        <translation>{0} 不以整数存储权重</translation>
    </message>
    <message>
        <source>{0} keeps activations in float</source>
        <translation>{0} 的激活值保持浮点</translation>
    </message>
    <message>
        <source>The toolkit&apos;s simulator computes the same at every level</source>
        <translation>工具包的模拟器在各优化级别下计算结果相同</translation>
    </message>
    <message>
        <source>{0} does not have it; these do: {1}</source>
        <translation>{0} 不支持；支持的有：{1}</translation>
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
        <source>No inputs are chosen.</source>
        <translation>尚未选择输入。</translation>
    </message>
    <message>
        <source>Choose them in the Settings tab, then run again.</source>
        <translation>请在“设置”中选择，然后重新运行。</translation>
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
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>The network&apos;s input</source>
        <translation>网络的输入</translation>
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
    <name>SourceButtons</name>
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
        <source>No values yet.</source>
        <translation>尚无值。</translation>
    </message>
    <message>
        <source>Connect a board or import its dumps: click to import a folder.</source>
        <translation>连接开发板或导入其转储：点击导入文件夹。</translation>
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
    <name>StaleBar</name>
    <message>
        <source>Run</source>
        <translation>运行</translation>
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
        <source>comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Settings have changed. Out of date: {0}. Run computes only these again.</source>
        <translation>设置已更改。已过期：{0}。运行只会重新计算这些。</translation>
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
        <source>channel </source>
        <translation>通道 </translation>
    </message>
    <message>
        <source>Worst channel</source>
        <translation>最差通道</translation>
    </message>
    <message>
        <source>Go to the channel with the largest difference</source>
        <translation>转到差异最大的通道</translation>
    </message>
    <message>
        <source>NHWC</source>
        <translation>NHWC</translation>
    </message>
    <message>
        <source>The last axis holds the channels</source>
        <translation>最后一维为通道</translation>
    </message>
    <message>
        <source>Central values</source>
        <translation>中间值</translation>
    </message>
    <message>
        <source>Colour the central 99 % of the values only</source>
        <translation>只对中间 99 % 的值着色</translation>
    </message>
    <message>
        <source> of {0}</source>
        <translation> / {0}</translation>
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
        <source>Input {0}</source>
        <translation>输入 {0}</translation>
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
</context>
<context>
    <name>Tensors</name>
    <message>
        <source>scalar</source>
        <translation>标量</translation>
    </message>
    <message>
        <source>{0} … {1}   mean {2}   σ {3}</source>
        <translation>{0} … {1}   平均 {2}   σ {3}</translation>
    </message>
    <message>
        <source>stored {0}</source>
        <translation>存储值 {0}</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>{0} steps</source>
        <translation>{0} 步</translation>
    </message>
</context>
<context>
    <name>Theme</name>
    <message>
        <source>no value</source>
        <translation>无值</translation>
    </message>
</context>
<context>
    <name>ToolBar</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
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
        <translation>分析的输入：{0}</translation>
    </message>
</context>
<context>
    <name>ValuesPane</name>
    <message>
        <source>Whole tensor</source>
        <translation>整个张量</translation>
    </message>
    <message>
        <source>Largest differences, {0}</source>
        <translation>最大差异，{0}</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>min</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>零</translation>
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
        <translation>无穷</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>元素</translation>
    </message>
    <message>
        <source>index</source>
        <translation>索引</translation>
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
        <translation>假设：已更改 {0}。按 {1} 比较的层：{2} 个变好，{3} 个变差。</translation>
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
