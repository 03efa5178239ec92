<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Something went wrong inside Restorer; the details are in the log. Your photo is untouched.</source>
        <translation>Restorer 内部出错，详情见日志。您的照片没有改动。</translation>
    </message>
    <message>
        <source>Open photos</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>Photos ({0})</source>
        <translation>照片 ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Open a folder of photos</source>
        <translation>打开照片文件夹</translation>
    </message>
    <message>
        <source>Unsaved result</source>
        <translation>结果尚未保存</translation>
    </message>
    <message>
        <source>It has not been saved. A restored photo cannot be brought back later.</source>
        <translation>结果还没有保存，丢弃后无法找回。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>The file exists</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>{0} exists already. Replace it?</source>
        <translation>{0} 已存在，要替换吗？</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) of these names exist already; one is {0}. Replace them?</source>
        <translation>
            <numerusform>已有 %n 个同名文件，例如 {0}。要替换吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Restorer crashed</source>
        <translation>Restorer 曾意外退出</translation>
    </message>
    <message>
        <source>Restorer ended unexpectedly last time. Your original photos are untouched.</source>
        <translation>Restorer 上次意外退出。您的原照片没有改动。</translation>
    </message>
    <message>
        <source>A report was kept on this computer. Do you want to see it?</source>
        <translation>报告保存在这台电脑上，要查看吗？</translation>
    </message>
    <message>
        <source>Show the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Enlarges photos {0}x.</source>
        <translation>将照片放大 {0} 倍。</translation>
    </message>
    <message>
        <source>Restores single faces, up to {0}x.</source>
        <translation>修复单张人脸，最高 {0} 倍。</translation>
    </message>
    <message>
        <source>Mends scratches, dust, creases and tears, before a photo is enlarged.</source>
        <translation>在放大照片之前，去除划痕、灰尘、折痕和裂口。</translation>
    </message>
    <message>
        <source>Fills what is marked as damaged, and changes nothing else.</source>
        <translation>填补标记为损伤的部分，不改动其他内容。</translation>
    </message>
    <message>
        <source>Finds damage on photos, so that it can be filled.</source>
        <translation>找出照片上的损伤，以便填补。</translation>
    </message>
    <message>
        <source>Enlarges small pictures of faces {0}x, by diffusion (SR3).</source>
        <translation>用扩散方法（SR3）将小幅人脸图片放大 {0} 倍。</translation>
    </message>
    <message>
        <source>Invents small pictures by class (CDM, first stage).</source>
        <translation>按类别生成小图片（CDM，第一级）。</translation>
    </message>
    <message>
        <source>Enlarges invented pictures {0}x, by class (CDM).</source>
        <translation>按类别将生成的图片放大 {0} 倍（CDM）。</translation>
    </message>
    <message>
        <source>Invents pictures by class (ADM, first stage).</source>
        <translation>按类别生成图片（ADM，第一级）。</translation>
    </message>
    <message>
        <source>Enlarges clean pictures {0}x, by diffusion (ADM).</source>
        <translation>用扩散方法（ADM）将干净的图片放大 {0} 倍。</translation>
    </message>
    <message>
        <source>Enlarges photos {0}x in one pass, without diffusion.</source>
        <translation>一次完成，不用扩散，将照片放大 {0} 倍。</translation>
    </message>
    <message>
        <source>Restores single faces.</source>
        <translation>修复单张人脸。</translation>
    </message>
    <message>
        <source>Is of a kind that this version does not know.</source>
        <translation>这个版本的 Restorer 不认识这种模型。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Purpose</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Size</source>
        <comment>of a file</comment>
        <translation>大小</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Assumed</source>
        <translation>假定</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>训练数据</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>About Restorer</source>
        <translation>关于 Restorer</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>移动画面</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Move the divider</source>
        <translation>移动分隔线</translation>
    </message>
    <message>
        <source>Arrow keys, or drag it</source>
        <translation>方向键，或拖动</translation>
    </message>
    <message>
        <source>Larger or smaller, at the pointer</source>
        <translation>在指针处放大或缩小</translation>
    </message>
    <message>
        <source>Mouse wheel</source>
        <translation>鼠标滚轮</translation>
    </message>
    <message>
        <source>True pixels at the pointer, or the whole picture again</source>
        <translation>在指针处显示实际像素，或重新显示整张图片</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Shift with left and right</source>
        <translation>Shift 加左右键</translation>
    </message>
    <message>
        <source>Grab the picture</source>
        <translation>抓住画面拖动</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>1 to 4, or click it</source>
        <translation>1 到 4，或单击</translation>
    </message>
    <message>
        <source>Choose a version</source>
        <translation>选择一个版本</translation>
    </message>
    <message>
        <source>Try a region: take the middle of what is in view</source>
        <translation>试一块区域：取视图的中间部分</translation>
    </message>
    <message>
        <source>Straighten and crop: move the frame</source>
        <translation>校正和裁剪：移动边框</translation>
    </message>
    <message>
        <source>Straighten and crop: size the frame</source>
        <translation>校正和裁剪：调整边框大小</translation>
    </message>
    <message>
        <source>Shift with the arrow keys</source>
        <translation>Shift 加方向键</translation>
    </message>
    <message>
        <source>Straighten and crop: apply</source>
        <translation>校正和裁剪：应用</translation>
    </message>
    <message>
        <source>Straighten and crop: leave the photo as it is</source>
        <translation>校正和裁剪：放弃修改</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Damage: mark, erase, never touch</source>
        <translation>损伤：标记、擦除、不许改动</translation>
    </message>
    <message>
        <source>Damage: smaller or larger brush</source>
        <translation>损伤：缩小或放大画笔</translation>
    </message>
    <message>
        <source>Damage: close the tool</source>
        <translation>损伤：关闭工具</translation>
    </message>
    <message>
        <source>Choose a picture of a sheet</source>
        <translation>在总览中选择一张图片</translation>
    </message>
    <message>
        <source>Show it alone, or all again</source>
        <translation>单独显示这张，或重新显示全部</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车键</translation>
    </message>
    <message>
        <source>Enter, or double click</source>
        <translation>回车，或双击</translation>
    </message>
    <message>
        <source>Next control</source>
        <translation>下一个控件</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>What</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Brings old photos back. What it adds is a reconstruction: it fits the photo, but it is imagined, and faces can change. Each file that is saved says so in its metadata. Photos never leave this computer.</source>
        <translation>让老照片重现光彩。新增的细节是重建出来的：与照片相符，但出于推想，人脸也可能改变。保存的每个文件都在元数据中注明这一点。照片不会离开这台电脑。</translation>
    </message>
    <message>
        <source>This is what is known of the crash. It was sent nowhere; copy it if you want to report it.</source>
        <translation>以下是崩溃的全部信息，没有发送到任何地方；想报告的话，请复制。</translation>
    </message>
    <message>
        <source>Crash report</source>
        <translation>崩溃报告</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>The quickest look at what is possible.</source>
        <translation>最快看到大致效果。</translation>
    </message>
    <message>
        <source>Good detail in reasonable time.</source>
        <translation>细节好，用时适中。</translation>
    </message>
    <message>
        <source>The finest detail. Takes the longest.</source>
        <translation>细节最精细，用时最长。</translation>
    </message>
    <message>
        <source>Stays with the photo, its grain and wear included.</source>
        <translation>忠于照片，连颗粒和磨损也一并保留。</translation>
    </message>
    <message>
        <source>Stays close to the photo and calms its grain.</source>
        <translation>接近原照片，并减轻颗粒。</translation>
    </message>
    <message>
        <source>Repairs wear and grain; small detail is filled in.</source>
        <translation>去除磨损和颗粒，补上细小的细节。</translation>
    </message>
    <message>
        <source>Repairs strongly; much of the detail is imagined.</source>
        <translation>大力去除磨损，许多细节出于推想。</translation>
    </message>
    <message>
        <source>Imagines the picture anew. Faces may change.</source>
        <translation>重新想象整个画面，人脸可能改变。</translation>
    </message>
    <message>
        <source>Cleans as much as the photo looks worn.</source>
        <translation>照片看上去有多旧，就清理多少。</translation>
    </message>
    <message>
        <source>Takes away grain, blur and traces of JPEG.</source>
        <translation>去除颗粒、模糊和 JPEG 压缩痕迹。</translation>
    </message>
    <message>
        <source>Takes away most of the wear, and some fine texture.</source>
        <translation>去除大部分老化痕迹，也会失去一些细微纹理。</translation>
    </message>
    <message>
        <source>Takes light wear away; most texture is trusted.</source>
        <translation>只去除轻微的老化痕迹，保留大部分纹理。</translation>
    </message>
    <message>
        <source>Trusts every pixel of the photo.</source>
        <translation>照片的每个像素都予以保留。</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Preparing the photo</source>
        <translation>正在准备照片</translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation>正在修复</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>正在收尾</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Damage marked</source>
        <translation>已标记损伤</translation>
    </message>
    <message>
        <source>Damage filled</source>
        <translation>已填补损伤</translation>
    </message>
    <message>
        <source>{0} of the photo was filled in {1}. All else is as it was, to the bit.</source>
        <translation>用时 {1}，填补了照片的 {0}。其余部分一个比特也没有变。</translation>
    </message>
    <message>
        <source>No scratches or dust were found, so repair changed nothing.</source>
        <translation>没有发现划痕或灰尘，因此去除划痕没有改动照片。</translation>
    </message>
    <message>
        <source>the graphics card {0}</source>
        <translation>显卡 {0}</translation>
    </message>
    <message>
        <source>Stopped early, after {0}, and kept. This is a reconstruction: detail was imagined.</source>
        <translation>处理 {0} 后提前停止并保留。这是重建结果：细节是推想出来的。</translation>
    </message>
    <message>
        <source>{0}, version {1}</source>
        <translation>{0}，版本 {1}</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>{0} pixels. A model invented it: nobody took this picture.</source>
        <translation>{0} 像素。这是模型凭空生成的，并非拍摄所得。</translation>
    </message>
    <message>
        <source>The model that made it: {0}.</source>
        <translation>生成结果的模型：{0}。</translation>
    </message>
    <message>
        <source>Version number</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>The same number and settings give the same picture again.</source>
        <translation>版本号和设置相同，结果就相同。</translation>
    </message>
    <message>
        <source>Computed on</source>
        <translation>计算设备</translation>
    </message>
    <message>
        <source>Waiting for its turn.</source>
        <translation>正在排队。</translation>
    </message>
    <message>
        <source>Being restored, {0} % done.</source>
        <translation>正在修复，已完成 {0}%。</translation>
    </message>
    <message>
        <source>Restored and saved.</source>
        <translation>已修复并保存。</translation>
    </message>
    <message>
        <source>Restored, not saved yet.</source>
        <translation>已修复，尚未保存。</translation>
    </message>
    <message>
        <source>Not restored yet.</source>
        <translation>尚未修复。</translation>
    </message>
    <message>
        <source>nearly done</source>
        <translation>即将完成</translation>
    </message>
    <message>
        <source>about {0} s left</source>
        <translation>约剩 {0} 秒</translation>
    </message>
    <message>
        <source>about {0} min left</source>
        <translation>约剩 {0} 分钟</translation>
    </message>
    <message>
        <source>about {0} h left</source>
        <translation>约剩 {0} 小时</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>Turned left</source>
        <translation>左转</translation>
    </message>
    <message>
        <source>Turned right</source>
        <translation>右转</translation>
    </message>
    <message>
        <source>Straightened by {0}°</source>
        <translation>校正 {0}°</translation>
    </message>
    <message>
        <source>Cropped</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Black and white</source>
        <translation>黑白</translation>
    </message>
    <message>
        <source>Auto levels</source>
        <translation>自动色阶</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Strength {0} %</source>
        <translation>强度 {0}%</translation>
    </message>
    <message>
        <source>Grain {0} %</source>
        <translation>颗粒 {0}%</translation>
    </message>
    <message>
        <source>Face {0} as restored</source>
        <translation>人脸 {0}：恢复为修复结果</translation>
    </message>
    <message>
        <source>Face {0} left as it is</source>
        <translation>人脸 {0}：保持原样</translation>
    </message>
    <message>
        <source>Face {0}: {1} %</source>
        <translation>人脸 {0}：{1} %</translation>
    </message>
    <message>
        <source>Face {0}: another version</source>
        <translation>人脸 {0}：换一个版本</translation>
    </message>
    <message>
        <source>Clean and sharpen the photo at the size it has.</source>
        <translation>保持原尺寸，清理并锐化照片。</translation>
    </message>
    <message>
        <source>Make each side {0} times as long.</source>
        <translation>每边变为原来的 {0} 倍。</translation>
    </message>
    <message>
        <source>Becomes {0} pixels, in print {1} at {2} dpi.</source>
        <translation>放大后为 {0} 像素，按 {2} dpi 打印为 {1}。</translation>
    </message>
    <message>
        <source>Takes about {0} and {1} GB of memory.</source>
        <translation>约需 {0}，占用内存 {1} GB。</translation>
    </message>
    <message>
        <source>Takes roughly {0} and {1} GB of memory; the first run will tell.</source>
        <translation>大约需要 {0}，占用内存 {1} GB；处理一次之后会更准。</translation>
    </message>
    <message>
        <source>{0} % of the picture is restored; the rest is plainly enlarged.</source>
        <translation>画面的 {0}% 已修复，其余部分只是普通放大。</translation>
    </message>
    <message>
        <source>After: {0} % restored</source>
        <translation>修复后：已修复 {0}%</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>the graphics card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>{0} Stopped after {1} and kept. Detail in the restored part was imagined.</source>
        <translation>{0}处理 {1} 后停止并保留。已修复部分的细节是推想出来的。</translation>
    </message>
    <message>
        <source>This needs {0} GB of memory, and {1} GB are free. Choose a smaller enlargement.</source>
        <translation>需要 {0} GB 内存，而可用的只有 {1} GB。请选择较小的放大倍数。</translation>
    </message>
    <message>
        <source>Version {0} of {1}: {2}</source>
        <translation>第 {0} 个版本，共 {1} 个：{2}</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
    <message>
        <source>Step {0} of {1}, piece {2} of {3}</source>
        <translation>第 {0} 步，共 {1} 步；第 {2} 块，共 {3} 块</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>第 {0} 步，共 {1} 步</translation>
    </message>
    <message>
        <source>Restored {0}, {1}</source>
        <translation>修复 {0}，{1}</translation>
    </message>
    <message>
        <source>version {0} of {1}</source>
        <translation>版本 {0}（共 {1} 个）</translation>
    </message>
    <message>
        <source>version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Less than 1 % of the picture is restored; the rest is plainly enlarged.</source>
        <translation>画面只修复了不到 1%，其余部分只是普通放大。</translation>
    </message>
    <message>
        <source>After: less than 1 % restored</source>
        <translation>修复后：只修复了不到 1%</translation>
    </message>
    <message>
        <source>This may need {0} GB of memory, and {1} GB are free: it would be slow.</source>
        <translation>可能需要 {0} GB 内存，而可用的只有 {1} GB，速度会很慢。</translation>
    </message>
    <message>
        <source>This takes about {0}.</source>
        <translation>大约需要 {0}。</translation>
    </message>
    <message>
        <source>At {0} nearly all detail is invented.</source>
        <translation>放大 {0} 时，几乎所有细节都是推想出来的。</translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too small to be known, and will be invented.</source>
        <translation>
            <numerusform>有 %n 张人脸太小，无法辨认，结果中的面貌将是推想出来的。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n face(s) are too small to be known: they stay as they are in the photo.</source>
        <translation>
            <numerusform>有 %n 张人脸太小，无法辨认，将保持照片中的样子。</numerusform>
        </translation>
    </message>
    <message>
        <source>Restored in {0}. This is a reconstruction: fine detail was imagined to fit the photo.</source>
        <translation>已修复，用时 {0}。这是重建结果：细节是依照片推想出来的。</translation>
    </message>
    <message>
        <source>The part of this computer that did the work: {0}.</source>
        <translation>完成计算的部件：{0}。</translation>
    </message>
    <message>
        <source>Repaired</source>
        <translation>已去除划痕</translation>
    </message>
    <message>
        <source>The share of the photo in which scratches, dust and creases were taken out.</source>
        <translation>照片中去除了划痕、灰尘和折痕的部分所占的比例。</translation>
    </message>
    <message>
        <source>{0} % of the picture</source>
        <translation>画面的 {0}%</translation>
    </message>
    <message>
        <source>less than 1 % of the picture</source>
        <translation>不到画面的 1%</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>at step {0} of {1}</source>
        <translation>停在第 {0} 步（共 {1} 步）</translation>
    </message>
    <message>
        <source>{0} % of the photo</source>
        <translation>照片的 {0} %</translation>
    </message>
    <message>
        <source>less than 0.1 %</source>
        <translation>不到 0.1%</translation>
    </message>
    <message>
        <source>small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>moderate</source>
        <translation>中等</translation>
    </message>
    <message>
        <source>large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>{name}, {suffix}, {scale}, {preset}, {fidelity}, {clean_up}, {seed}, {model} and {date} are filled in; all else stays as it is.</source>
        <translation>{name}、{suffix}、{scale}、{preset}、{fidelity}、{clean_up}、{seed}、{model} 和 {date} 会被替换，其余文字保持原样。</translation>
    </message>
    <message>
        <source>fidelity {0} %</source>
        <translation>忠实度 {0}%</translation>
    </message>
    <message>
        <source>with repair</source>
        <translation>已去除划痕</translation>
    </message>
    <message>
        <source>without repair</source>
        <translation>未去除划痕</translation>
    </message>
    <message>
        <source>strength {0} %</source>
        <translation>强度 {0}%</translation>
    </message>
    <message>
        <source>grain {0} %</source>
        <translation>颗粒 {0}%</translation>
    </message>
    <message>
        <source>clean-up {0} %</source>
        <translation>清理程度 {0}%</translation>
    </message>
    <message>
        <source>clean-up Auto: {0} %</source>
        <translation>清理程度自动：{0}%</translation>
    </message>
    <message>
        <source>Before is {0} now. Esc brings the photo back there.</source>
        <translation>“修复前”一侧现在是 {0}。按 Esc 换回照片。</translation>
    </message>
    <message>
        <source>{0}, {1} pixels. A model invented it: nobody took this picture.</source>
        <translation>{0}，{1} 像素。这是模型凭空生成的，并非拍摄所得。</translation>
    </message>
    <message>
        <source>Inside the frame: what the full run would give there, made in {0}. Esc puts it away.</source>
        <translation>框内是完整修复在此处的结果，用时 {0}。按 Esc 收起。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Width and height of the result in pixels.</source>
        <translation>结果的宽和高（像素）。</translation>
    </message>
    <message>
        <source>Difference from your photo</source>
        <translation>与原照片的差别</translation>
    </message>
    <message>
        <source>{0} of 255 levels of brightness: how far the result, made small again, lies from the photo on average.</source>
        <translation>255 级亮度中平均相差 {0} 级：把结果缩回原尺寸后与照片比较得出。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>没有发现</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>about {0} {1}</source>
        <translation>约 {0} {1}</translation>
    </message>
    <message>
        <source>about {0} bytes</source>
        <translation>约 {0} 字节</translation>
    </message>
    <message>
        <source>Like the photo</source>
        <translation>与照片相同</translation>
    </message>
    <message>
        <source>Keep everything</source>
        <translation>全部保留</translation>
    </message>
    <message>
        <source>Keep all but the place</source>
        <translation>除拍摄地点外都保留</translation>
    </message>
    <message>
        <source>Keep nothing</source>
        <translation>全部不保留</translation>
    </message>
    <message>
        <source>What was kept of {0} is damaged, so its run cannot go on; open the photo again.</source>
        <translation>{0} 保存的进度已损坏，无法继续；请重新打开照片。</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Choose the best one: click it or press its number.</source>
        <translation>选出最好的一个：单击它，或按它的数字键。</translation>
    </message>
    <message>
        <source>A reconstruction: detail was imagined.</source>
        <translation>这是重建结果：细节是推想出来的。</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>已保存为 {0}。</translation>
    </message>
    <message>
        <source>A reconstruction, saved as {0}.</source>
        <translation>这是重建结果，已保存为 {0}。</translation>
    </message>
    <message>
        <source>A folder of photos is being restored.</source>
        <translation>正在修复一个文件夹中的照片。</translation>
    </message>
    <message>
        <source>Pictures of a class are being made.</source>
        <translation>正在生成某一类别的图片。</translation>
    </message>
    <message>
        <source>Another photo is being restored.</source>
        <translation>正在修复另一张照片。</translation>
    </message>
    <message>
        <source>Ready to restore.</source>
        <translation>可以开始修复。</translation>
    </message>
    <message>
        <source>Waiting until the folder is restored, or paused in its window.</source>
        <translation>等待文件夹修复完成，或在其窗口中暂停它。</translation>
    </message>
    <message>
        <source>Waiting until the photo in work is done.</source>
        <translation>等待正在处理的照片完成。</translation>
    </message>
    <message>
        <source>Stage {0} of {1}: {2} pixels</source>
        <translation>第 {0} 级，共 {1} 级：{2} 像素</translation>
    </message>
    <message>
        <source>Inventing pictures</source>
        <translation>正在生成图片</translation>
    </message>
    <message>
        <source>Version number {0}</source>
        <translation>版本号 {0}</translation>
    </message>
    <message>
        <source>Ready to generate.</source>
        <translation>可以生成了。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) to do: about {0} and {1}, measured on this machine.</source>
        <translation>
            <numerusform>待处理 %n 张照片：约需 {0}，占用磁盘空间{1}（在本机测得）。</numerusform>
        </translation>
    </message>
    <message>
        <source>A night of {0} hours does about {1}.</source>
        <translation>一夜（{0} 小时）大约可完成 {1} 张。</translation>
    </message>
    <message>
        <source>The disk has only {0} free; make room, choose another, or a smaller format.</source>
        <translation>磁盘只剩 {0}；请腾出空间、另选磁盘或较小的格式。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>第 {0} 张，共 {1} 张</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} 张失败</translation>
    </message>
    <message>
        <source>{0} a photo</source>
        <translation>每张 {0}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{0} left, done {1}</source>
        <translation>还剩 {0}，{1} 完成</translation>
    </message>
    <message>
        <source>waiting for new photos</source>
        <translation>等待新照片</translation>
    </message>
    <message numerus="yes">
        <source>in %n day(s)</source>
        <translation>
            <numerusform>%n 天后</numerusform>
        </translation>
    </message>
    <message>
        <source>tomorrow at {0}</source>
        <translation>明天 {0}</translation>
    </message>
    <message>
        <source>at {0}</source>
        <translation>今天 {0}</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>It was finished before.</source>
        <translation>此前已完成。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>{0}, page {1}</source>
        <translation>{0}，第 {1} 页</translation>
    </message>
    <message>
        <source>Groups of every normalisation</source>
        <translation>每个归一化层的分组数</translation>
    </message>
    <message>
        <source>Heads of attention</source>
        <translation>注意力头数</translation>
    </message>
    <message>
        <source>Channels of each head</source>
        <translation>每个头的通道数</translation>
    </message>
    <message>
        <source>Order of queries, keys, values</source>
        <translation>查询、键、值的顺序</translation>
    </message>
    <message>
        <source>Noise schedule</source>
        <translation>噪声调度</translation>
    </message>
    <message>
        <source>Enlargement of each side</source>
        <translation>每边放大倍数</translation>
    </message>
    <message>
        <source>Side of its pictures</source>
        <translation>图片边长</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on with this run (P).</source>
        <translation>继续本次处理（P）。</translation>
    </message>
    <message>
        <source>Let this run wait; the processor is free meanwhile (P).</source>
        <translation>暂停本次处理，期间处理器空闲（P）。</translation>
    </message>
    <message>
        <source>A picture is not usable, so none was kept. Try --device cpu.</source>
        <translation>有一张图片不可用，因此一张也没有保留。请在设置中改用处理器（CPU）再试。</translation>
    </message>
    <message>
        <source>A region needs a place in the photo and at least one pixel, not {0}.</source>
        <translation>区域必须在照片之内且至少有一个像素，而不是 {0}。</translation>
    </message>
    <message>
        <source>A {0} file cannot hold 16 bits; choose png or tif, or 8 bits.</source>
        <translation>{0} 文件不能保存 16 位；请选择 png 或 tif，或改用 8 位。</translation>
    </message>
    <message>
        <source>Fidelity must be between 0 and 1, not {0}.</source>
        <translation>忠实度必须在 0 到 1 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>Files of type {0} cannot be read; choose among {1}.</source>
        <translation>无法读取 {0} 类型的文件；请从 {1} 中选择。</translation>
    </message>
    <message>
        <source>No installed model enlarges {0}x; available are {1}.</source>
        <translation>已安装的模型都不能放大 {0} 倍；可用的有 {1}。</translation>
    </message>
    <message>
        <source>No installed model makes pictures of classes; import one, see: restorer models import --help</source>
        <translation>已安装的模型都不能按类别生成图片；请先导入一个。</translation>
    </message>
    <message>
        <source>No model for photos enlarges {0}x, but the model {1} does: choose it by name.</source>
        <translation>没有照片模型能放大 {0} 倍，但模型 {1} 可以：请按名称选择它。</translation>
    </message>
    <message>
        <source>No photo has at least {0} and at most {1} pixels; change one.</source>
        <translation>没有照片同时满足至少 {0} 和至多 {1} 像素；请修改其中之一。</translation>
    </message>
    <message>
        <source>No samples can be written into {0}: {1}.</source>
        <translation>无法把样例写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>Nothing called {0} can be assumed; possible are {1}.</source>
        <translation>没有名为 {0} 的假设项；可用的有 {1}。</translation>
    </message>
    <message>
        <source>Photos that Restorer has restored already are left out: {0}; on the command line --again restores them once more.</source>
        <translation>已略过由 Restorer 修复过的照片：{0} 张；在命令行中使用 --again 可再次修复。</translation>
    </message>
    <message>
        <source>PowerShell could not change the shortcuts: {0}.</source>
        <translation>PowerShell 未能更改快捷方式：{0}。</translation>
    </message>
    <message>
        <source>PowerShell, which makes the shortcuts, could not be run: {0}.</source>
        <translation>无法运行用来创建快捷方式的 PowerShell：{0}。</translation>
    </message>
    <message>
        <source>Restorer does not know how programs are started on {0}.</source>
        <translation>Restorer 不知道在 {0} 上如何启动程序。</translation>
    </message>
    <message>
        <source>Say num_heads or num_head_channels, not both.</source>
        <translation>num_heads 和 num_head_channels 只能指定一个。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be made ({1}). Choose another place.</source>
        <translation>无法创建文件夹 {0}（{1}）。请选择别的位置。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be used ({1}); choose another place.</source>
        <translation>无法使用文件夹 {0}（{1}）；请选择别的位置。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to ({1}); choose another place.</source>
        <translation>无法写入文件夹 {0}（{1}）；请选择别的位置。</translation>
    </message>
    <message>
        <source>The folder {0} does not exist; make it first or choose another place.</source>
        <translation>文件夹 {0} 不存在；请先创建它或选择别的位置。</translation>
    </message>
    <message>
        <source>The folder {0} is no longer there. Connect its disk again, then retry.</source>
        <translation>文件夹 {0} 已不在了。请重新连接其磁盘，然后重试。</translation>
    </message>
    <message>
        <source>The journal folder {0} cannot be written to ({1}); make room or change its permissions.</source>
        <translation>无法写入任务记录文件夹 {0}（{1}）；请腾出空间或更改其权限。</translation>
    </message>
    <message>
        <source>The journal {0} cannot be used ({1}); {2}.</source>
        <translation>无法使用任务记录 {0}（{1}）；{2}。</translation>
    </message>
    <message>
        <source>The journal {0} is a newer Restorer&apos;s; update the app, or move it away.</source>
        <translation>任务记录 {0} 来自更新版本的 Restorer；请更新程序，或把它移走。</translation>
    </message>
    <message>
        <source>The model pack {0} asks for an unknown sampler {1}; update the app or the pack.</source>
        <translation>模型包 {0} 要求未知的采样器 {1}；请更新程序或模型包。</translation>
    </message>
    <message>
        <source>The model pack {0} has format {1}, this version of Restorer reads format {2}; update the app or the pack.</source>
        <translation>模型包 {0} 的格式为 {1}，而此版本的 Restorer 读取格式 {2}；请更新程序或模型包。</translation>
    </message>
    <message>
        <source>The model pack {0} has no preset {1}; choose another preset or pack.</source>
        <translation>模型包 {0} 没有预设 {1}；请选择别的预设或模型包。</translation>
    </message>
    <message>
        <source>The model pack {0} has no {1}; install it again.</source>
        <translation>模型包 {0} 缺少 {1}；请重新安装。</translation>
    </message>
    <message>
        <source>The model pack {0} is of a kind {1} that this version of Restorer does not know; update the app or remove the pack.</source>
        <translation>模型包 {0} 属于此版本的 Restorer 不认识的类型 {1}；请更新程序或移除该模型包。</translation>
    </message>
    <message>
        <source>The model {0} comes with Restorer and cannot be removed.</source>
        <translation>模型 {0} 随 Restorer 提供，不能移除。</translation>
    </message>
    <message>
        <source>The model {0} does not fit {1}, which it should follow; install both again.</source>
        <translation>模型 {0} 与其前一级 {1} 不匹配；请重新安装这两个模型。</translation>
    </message>
    <message>
        <source>The model {0} enlarges {1}, not {2}x; choose scale {3}.</source>
        <translation>模型 {0} 放大 {1}，而不是 {2} 倍；请选择 {3} 倍。</translation>
    </message>
    <message>
        <source>The model {0} is none that enlarges pictures by class; choose another.</source>
        <translation>模型 {0} 不能按类别放大图片；请选择别的模型。</translation>
    </message>
    <message>
        <source>The model {0} is none that invents pictures by class; choose another.</source>
        <translation>模型 {0} 不能按类别生成图片；请选择别的模型。</translation>
    </message>
    <message>
        <source>The model {0} knows no classes; leave the class out or choose another.</source>
        <translation>模型 {0} 没有类别；请不要指定类别，或选择别的模型。</translation>
    </message>
    <message>
        <source>The model {0} knows {1} classes, and no {2}.</source>
        <translation>模型 {0} 有 {1} 个类别，没有 {2}。</translation>
    </message>
    <message>
        <source>The model {0} knows {1} classes, and none of number {2}; leave the class out or choose another model.</source>
        <translation>模型 {0} 有 {1} 个类别，没有编号 {2}；请不要指定类别，或选择别的模型。</translation>
    </message>
    <message>
        <source>The model {0} looks at the whole picture at once, so the full run may look different from this preview.</source>
        <translation>模型 {0} 要同时看到整张图片，因此完整修复的结果可能与此预览不同。</translation>
    </message>
    <message>
        <source>The model {0} makes pictures of nothing and enlarges no photos; choose another.</source>
        <translation>模型 {0} 凭空生成图片，不能放大照片；请选择别的模型。</translation>
    </message>
    <message>
        <source>The model {0} makes pictures of {1} pixels, not of {2}; choose one of these.</source>
        <translation>模型 {0} 生成 {1} 像素的图片，而不是 {2}；请从中选择。</translation>
    </message>
    <message>
        <source>The naming template {0} names a folder; sub-folders are mirrored by themselves.</source>
        <translation>命名模板 {0} 里有文件夹；子文件夹会自动对应建立。</translation>
    </message>
    <message>
        <source>The naming template {0} has {1}; use {2}.</source>
        <translation>命名模板 {0} 中有 {1}；请使用 {2}。</translation>
    </message>
    <message>
        <source>Clean-up must be between 0 and 1, not {0}.</source>
        <translation>清理程度必须在 0 到 1 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>Grain must be between 0 and 1, not {0}.</source>
        <translation>颗粒必须在 0 到 1 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>Memory ran out; fewer pictures are made at once from here on.</source>
        <translation>内存不足；接下来每次生成的图片会少一些。</translation>
    </message>
    <message>
        <source>No installed model mends damage; install one, or leave repair off.</source>
        <translation>已安装的模型都不能去除划痕；请安装一个，或关闭“去除划痕”。</translation>
    </message>
    <message>
        <source>Strength must be between 0 and 1, not {0}.</source>
        <translation>强度必须在 0 到 1 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>No installed model restores faces; import one (restorer models import), or let faces be protected (--faces protect).</source>
        <translation>没有已安装的模型可以修复人脸；请导入一个（restorer models import），或改为保护人脸（--faces protect）。</translation>
    </message>
    <message>
        <source>A piece must be at least 64 pixels wide, not {0}.</source>
        <translation>分块宽度至少为 64 像素，而不是 {0}。</translation>
    </message>
    <message>
        <source>No installed model enlarges photos; install one first.</source>
        <translation>尚未安装可放大照片的模型，请先安装一个。</translation>
    </message>
    <message>
        <source>Pictures that cannot be opened here are left out: {0}; save them as PNG or JPEG to restore them, and for raw files install the package rawpy.</source>
        <translation>已略过无法在此打开的图片：{0}；如需修复，请先另存为 PNG 或 JPEG；如有 RAW 原始文件，请安装 rawpy 组件。</translation>
    </message>
    <message>
        <source>The augmentation level of a chain must be between 0 and 1, not {0}.</source>
        <translation>多级放大的扰动程度必须在 0 到 1 之间，不能是 {0}。</translation>
    </message>
    <message>
        <source>The face detector {0} cannot be read ({1}); install Restorer again, or leave faces as they are (--faces off).</source>
        <translation>无法读取人脸检测器 {0}（{1}）；请重新安装 Restorer，或保持人脸原样（--faces off）。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be looked into ({1}), so its photos are left out; change its permissions, or copy it elsewhere.</source>
        <translation>无法查看文件夹 {0}（{1}），因此略过其中的照片；请更改其权限，或复制到别处。</translation>
    </message>
    <message>
        <source>The guidance must be between 1 and 10, not {0}.</source>
        <translation>引导强度必须在 1 到 10 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>The list of {0} is damaged: it has {1} for a result, which does not lie in that folder. Begin the list anew with --forget.</source>
        <translation>{0} 的列表已损坏：其中的结果 {1} 不在该文件夹内。请用 --forget 重新开始列表。</translation>
    </message>
    <message>
        <source>The mask marks all of {0}, so there is nothing to fill it from; mark less.</source>
        <translation>遮罩标记了 {0} 的全部画面，没有可供填补参照的内容；请缩小标记范围。</translation>
    </message>
    <message>
        <source>The mask {0} cannot be written ({1}); choose another folder.</source>
        <translation>无法写入遮罩 {0}（{1}）；请选择其他文件夹。</translation>
    </message>
    <message>
        <source>The mask {0} exists already; choose another name.</source>
        <translation>遮罩 {0} 已存在；请换一个名称。</translation>
    </message>
    <message>
        <source>The mask {0} is {1} x {2} pixels and {3} is {4} x {5}; a mask must have the size of its photo.</source>
        <translation>遮罩 {0} 为 {1} x {2} 像素，而 {3} 为 {4} x {5}；遮罩必须与照片大小相同。</translation>
    </message>
    <message>
        <source>The mask {0} was written by a later version of Restorer; update the app, or mark the damage in a picture of black and white.</source>
        <translation>遮罩 {0} 由更新版本的 Restorer 写入；请更新应用，或在黑白图片中标记损伤。</translation>
    </message>
    <message>
        <source>The model {0} does not find damage; choose another.</source>
        <translation>模型 {0} 不能查找损伤；请选择其他模型。</translation>
    </message>
    <message>
        <source>The model {0} does not restore faces; choose one that does.</source>
        <translation>模型 {0} 不能修复人脸；请选择可以修复人脸的模型。</translation>
    </message>
    <message>
        <source>The model {0} looks at the whole picture; this one is cut into {1} pieces to fit in memory, and comes out different from an uncut one. Larger pieces make the difference smaller.</source>
        <translation>模型 {0} 要看到整张图片；这张图片因内存所限切成了 {1} 块，结果会与不切分时不同。分块越大，差别越小。</translation>
    </message>
    <message>
        <source>The model {0} finds damage and makes no pictures; choose another.</source>
        <translation>模型 {0} 用于查找损伤，不能生成图片；请选择其他模型。</translation>
    </message>
    <message>
        <source>No installed model finds damage, and in a folder nobody looks at what is filled; install one, or do not ask for it.</source>
        <translation>没有安装能查找损伤的模型，而处理文件夹时没有人查看填补了什么；请安装一个，或者不要选择此项。</translation>
    </message>
    <message>
        <source>No installed model finds damage, so that of {0} is not filled.</source>
        <translation>没有安装能查找损伤的模型，因此没有填补 {0} 的损伤。</translation>
    </message>
    <message>
        <source>The model {0} mends damage and enlarges no photos; ask for repair instead (--repair), and choose another model.</source>
        <translation>模型 {0} 只用来去除划痕，不放大照片；请改用“去除划痕”选项（--repair），并选择其他模型。</translation>
    </message>
    <message>
        <source>The model {0} works only together with others, so it has no samples of its own.</source>
        <translation>模型 {0} 只与其他模型一起工作，因此没有自己的样图。</translation>
    </message>
    <message>
        <source>The naming template {0} holds half a character; type it anew.</source>
        <translation>命名模板 {0} 中有不完整的字符，请重新输入。</translation>
    </message>
    <message>
        <source>The naming template {0} needs {{name}}, the photo&apos;s own name.</source>
        <translation>命名模板 {0} 需要 {{name}}，即照片自己的名称。</translation>
    </message>
    <message>
        <source>The network described in the {0} of the pack {1} cannot be built ({2}); {3}.</source>
        <translation>无法构建模型包 {1} 的 {0} 所描述的网络（{2}）；{3}。</translation>
    </message>
    <message>
        <source>The number of pictures must be between 1 and {0}, not {1}.</source>
        <translation>图片数量必须在 1 到 {0} 之间，而不是 {1}。</translation>
    </message>
    <message>
        <source>The number of steps must be between 1 and 1000, not {0}.</source>
        <translation>步数必须在 1 到 1000 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>The number of versions of a face must be between 1 and 16, not {0}.</source>
        <translation>每张人脸的版本数必须在 1 到 16 之间，不能是 {0}。</translation>
    </message>
    <message>
        <source>The pack cannot be written into {0} ({1}); make the folder writable.</source>
        <translation>无法把模型包写入 {0}（{1}）；请让该文件夹可写。</translation>
    </message>
    <message>
        <source>The pack cannot be written to {0}: {1}.</source>
        <translation>无法把模型包写到 {0}：{1}。</translation>
    </message>
    <message>
        <source>The pack needs {0} MiB, and only {1} MiB are free where {2} is; make room there first.</source>
        <translation>模型包需要 {0} MiB，而 {2} 所在处只剩 {1} MiB；请先腾出空间。</translation>
    </message>
    <message>
        <source>The picture made of {0} is not usable and was not kept</source>
        <translation>由 {0} 生成的图片不可用，没有保留</translation>
    </message>
    <message>
        <source>The preview side cannot be negative.</source>
        <translation>预览边长不能为负。</translation>
    </message>
    <message>
        <source>The quality must be between 1 and 100, not {0}.</source>
        <translation>质量必须在 1 到 100 之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>The region {0} is not within {1}, which has {2} x {3} pixels.</source>
        <translation>区域 {0} 不在 {1} 之内，该照片为 {2} × {3} 像素。</translation>
    </message>
    <message>
        <source>The report {0} cannot be written ({1}); name another place with --report.</source>
        <translation>无法写入报告 {0}（{1}）；请另选位置。</translation>
    </message>
    <message>
        <source>The scale must be at least 1, not {0}.</source>
        <translation>放大倍数至少为 1，而不是 {0}。</translation>
    </message>
    <message>
        <source>The seed must be a whole number from 0 to 2^63 - 1 less the number of pictures, not {0}.</source>
        <translation>版本号必须是 0 到 2^63 − 1 减去图片数量之间的整数，而不是 {0}。</translation>
    </message>
    <message>
        <source>The seed must be a whole number from 0 to 2^63 - 1, not {0}.</source>
        <translation>版本号必须是 0 到 2^63 − 1 之间的整数，而不是 {0}。</translation>
    </message>
    <message>
        <source>The strength of a face must be between 0 and 1 and its number not below 0, not {0} and {1}.</source>
        <translation>人脸的强度必须在 0 到 1 之间，其编号不能小于 0，而不是 {0} 和 {1}。</translation>
    </message>
    <message>
        <source>The strength of repair must be between 0 (only what is surely damage) and 1 (all that may be), not {0}.</source>
        <translation>修补强度必须介于 0（仅确定的损伤）和 1（所有可能的损伤）之间，而不是 {0}。</translation>
    </message>
    <message>
        <source>The tensor {0} has numbers too large for half precision; import without --half.</source>
        <translation>张量 {0} 的数值超出半精度范围；请不用半精度导入。</translation>
    </message>
    <message>
        <source>The tensor {0} has values that are not numbers; the file is damaged, download it again.</source>
        <translation>张量 {0} 含有非数值；文件已损坏，请重新下载。</translation>
    </message>
    <message>
        <source>The tensor {0} in {1} holds {2}, not floating-point numbers.</source>
        <translation>{1} 中的张量 {0} 存放的是 {2}，而不是浮点数。</translation>
    </message>
    <message>
        <source>The tensor {0} of the pack {1} has shape {2} where its network has {3}; {4}.</source>
        <translation>模型包 {1} 的张量 {0} 形状为 {2}，而网络中为 {3}；{4}。</translation>
    </message>
    <message>
        <source>The tensor {0} of the pack {1} has values that are not numbers; {2}.</source>
        <translation>模型包 {1} 的张量 {0} 含有非数值；{2}。</translation>
    </message>
    <message>
        <source>The weights of the model pack {0} are damaged or were changed (wrong SHA-256); {1}.</source>
        <translation>模型包 {0} 的权重已损坏或被改动（SHA-256 不符）；{1}。</translation>
    </message>
    <message>
        <source>The weights of the model pack {0} are not a safetensors file ({1}); {2}.</source>
        <translation>模型包 {0} 的权重不是 safetensors 文件（{1}）；{2}。</translation>
    </message>
    <message>
        <source>The weights of the pack {0} have a tensor {1} that its network does not know; {2}.</source>
        <translation>模型包 {0} 的权重含有其网络不认识的张量 {1}；{2}。</translation>
    </message>
    <message>
        <source>The weights of the pack {0} lack the tensor {1}; {2}.</source>
        <translation>模型包 {0} 的权重缺少张量 {1}；{2}。</translation>
    </message>
    <message>
        <source>The weights {0} of the model pack {1} cannot be read ({2}); {3}.</source>
        <translation>无法读取模型包 {1} 的权重 {0}（{2}）；{3}。</translation>
    </message>
    <message>
        <source>The {0} of the model pack {1} cannot be read ({2}); install the pack again.</source>
        <translation>无法读取模型包 {1} 的 {0}（{2}）；请重新安装该模型包。</translation>
    </message>
    <message>
        <source>The {0} of the model pack {1} is incomplete or damaged ({2}); install the pack again.</source>
        <translation>模型包 {1} 的 {0} 不完整或已损坏（{2}）；请重新安装该模型包。</translation>
    </message>
    <message>
        <source>There are no photos in {0}; choose a folder of originals.</source>
        <translation>{0} 中没有照片，请选择一个存放原片的文件夹。</translation>
    </message>
    <message>
        <source>There is already a model named {0}; choose another name or remove that one.</source>
        <translation>已有名为 {0} 的模型；请另取名称或移除原有的。</translation>
    </message>
    <message>
        <source>There is already something at {0}; choose another name.</source>
        <translation>{0} 处已有内容；请另取名称。</translation>
    </message>
    <message>
        <source>There is no class {0}; say a name such as {1}, or its number.</source>
        <translation>没有类别 {0}；请输入 {1} 这样的名称或其编号。</translation>
    </message>
    <message>
        <source>There is no desktop folder here; make ~/Desktop first, or leave --desktop out.</source>
        <translation>这里没有桌面文件夹；请先创建 ~/Desktop，或不放到桌面上。</translation>
    </message>
    <message>
        <source>There is no model named {0}; installed are: {1}.</source>
        <translation>没有名为 {0} 的模型；已安装的有：{1}。</translation>
    </message>
    <message>
        <source>There is no model named {0}; see: restorer models list</source>
        <translation>没有名为 {0} 的模型；请查看“模型”窗口。</translation>
    </message>
    <message>
        <source>There is no sampler {0}; possible are {1}.</source>
        <translation>没有采样器 {0}；可用的有 {1}。</translation>
    </message>
    <message>
        <source>There is not enough memory for even one picture; close other programs and try again.</source>
        <translation>内存连一张图片也容不下；请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>There is not enough memory for the network; close other programs and try again.</source>
        <translation>内存容不下模型；请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>There is not enough memory to restore {0}; close other programs or crop the photo.</source>
        <translation>内存不足，无法修复 {0}；请关闭其他程序或裁剪照片。</translation>
    </message>
    <message>
        <source>This machine has no device {0}; it has {1}. Use --device auto.</source>
        <translation>这台计算机没有设备 {0}，只有 {1}。请在设置中选择自动。</translation>
    </message>
    <message>
        <source>You have no model named {0}; see: restorer models list</source>
        <translation>您没有名为 {0} 的模型；请查看“模型”窗口。</translation>
    </message>
    <message>
        <source>a GIF</source>
        <translation>GIF 图片</translation>
    </message>
    <message>
        <source>a JPEG 2000 picture</source>
        <translation>JPEG 2000 图片</translation>
    </message>
    <message>
        <source>a JPEG XL picture</source>
        <translation>JPEG XL 图片</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>PDF 文档</translation>
    </message>
    <message>
        <source>a Photoshop document</source>
        <translation>Photoshop 文档</translation>
    </message>
    <message>
        <source>a video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>an OpenEXR picture</source>
        <translation>OpenEXR 图片</translation>
    </message>
    <message>
        <source>install the pack {0} again</source>
        <translation>请重新安装模型包 {0}</translation>
    </message>
    <message>
        <source>the disk of {0} is full. Make room, or choose another</source>
        <translation>{0} 所在的磁盘已满。请腾出空间，或另选位置</translation>
    </message>
    <message>
        <source>the file grows larger than this disk allows. Choose another disk, or JPEG</source>
        <translation>文件超出此磁盘允许的大小。请选择别的磁盘，或改用 JPEG</translation>
    </message>
    <message>
        <source>the file or its folder {0} is read-only, or in use. Choose another</source>
        <translation>文件或其文件夹 {0} 为只读，或正在使用。请另选位置</translation>
    </message>
    <message>
        <source>the name is too long. Choose a shorter one</source>
        <translation>名称太长。请换一个较短的</translation>
    </message>
    <message>
        <source>{0} asks for {1}, which no weights need, and was not opened; ask its makers for the weights alone, best as safetensors.</source>
        <translation>{0} 要求{1}，而权重用不到这些，因此没有打开；请向作者索取只含权重的文件，最好是 safetensors。</translation>
    </message>
    <message>
        <source>{0} at {1}x would be {2} x {3} pixels and need {4} GiB of memory; {5} GiB are free. Choose a smaller scale or crop the photo.</source>
        <translation>{0} 放大 {1} 倍将有 {2} × {3} 像素，需要 {4} GiB 内存；现有 {5} GiB 空闲。请选择较小的倍数或裁剪照片。</translation>
    </message>
    <message>
        <source>{0} cannot be opened: {1}. Check its name and its disk.</source>
        <translation>无法打开 {0}：{1}。请检查其名称和磁盘。</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Check its permissions and its disk.</source>
        <translation>无法读取 {0}（{1}）。请检查其权限和磁盘。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be removed: {1}.</source>
        <translation>无法移除 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be saved with 16 bits: {1} holds 8 a sample. Choose PNG or TIFF.</source>
        <translation>{0} 不能以 16 位保存：{1} 每样本只有 8 位。请选择 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>{0} cannot be saved with quality {1}. Choose 1 to 100.</source>
        <translation>{0} 不能以质量 {1} 保存。请选择 1 到 100。</translation>
    </message>
    <message>
        <source>{0} cannot be saved with {1} bits a sample. Choose 8 or 16.</source>
        <translation>{0} 不能以每样本 {1} 位保存。请选择 8 或 16。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: it is too large for its format. Choose PNG.</source>
        <translation>无法保存 {0}：对其格式来说太大。请选择 PNG。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: memory ran out. Close other programs, or choose PNG.</source>
        <translation>无法保存 {0}：内存不足。请关闭其他程序，或选择 PNG。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: there is no folder {1}. Create it, or choose another.</source>
        <translation>无法保存 {0}：没有文件夹 {1}。请创建它，或另选位置。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: {1} holds at most {2} pixels a side, and this photo would have {3}. Choose PNG or TIFF.</source>
        <translation>无法保存 {0}：{1} 每边至多 {2} 像素，而这张照片将有 {3}。请选择 PNG 或 TIFF。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: {1} is no known format. Choose a name that ends in .png, .jpg, .tif, .webp or .bmp.</source>
        <translation>无法保存 {0}：{1} 不是已知格式。请选择以 .png、.jpg、.tif、.webp 或 .bmp 结尾的名称。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: {1}.</source>
        <translation>无法保存 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be saved: {1}. Choose another name or format.</source>
        <translation>无法保存 {0}：{1}。请选择别的名称或格式。</translation>
    </message>
    <message>
        <source>{0} cannot be the name of a pack; use letters, digits, dots, dashes and underscores, at most 64.</source>
        <translation>{0} 不能作为模型包的名称；请使用字母、数字、点、连字符和下划线，至多 64 个。</translation>
    </message>
    <message>
        <source>{0} cannot be used ({1}); choose another place.</source>
        <translation>{0} 无法使用（{1}）；请换一个位置。</translation>
    </message>
    <message>
        <source>{0} cannot be written: pictures end in {1}. For a folder of that name write {2}{3}</source>
        <translation>无法写入 {0}：图片以 {1} 结尾。若要同名文件夹，请写 {2}{3}</translation>
    </message>
    <message>
        <source>{0} claims {1} numbers of shape {2}, more than the file holds for it; the file is damaged or hostile and was refused.</source>
        <translation>{0} 声称有 {1} 个形状为 {2} 的数值，多于文件实际内容；文件已损坏或有恶意，已被拒绝。</translation>
    </message>
    <message>
        <source>{0} could be {1}; say the whole name of one class.</source>
        <translation>{0} 可能是 {1}；请输入一个类别的完整名称。</translation>
    </message>
    <message>
        <source>{0} could not be deleted: {1}. Delete it by hand.</source>
        <translation>未能删除 {0}：{1}。请手动删除。</translation>
    </message>
    <message>
        <source>{0} could not be made: {1}. {2} is there.</source>
        <translation>未能创建 {0}：{1}。{2} 已在那里。</translation>
    </message>
    <message>
        <source>{0} could not be restored: {1}. {2}</source>
        <translation>{0} 无法修复：{1}。{2}</translation>
    </message>
    <message>
        <source>{0} could not be written: {1}. Make room or allow writing there, then try again.</source>
        <translation>未能写入 {0}：{1}。请腾出空间或允许写入，然后再试。</translation>
    </message>
    <message>
        <source>{0} does not exist. Check its name, and that its disk is connected.</source>
        <translation>{0} 不存在。请检查其名称，并确认磁盘已连接。</translation>
    </message>
    <message>
        <source>{0} does not fit into memory. Close other programs, or reduce it.</source>
        <translation>内存装不下 {0}。请关闭其他程序，或把它缩小。</translation>
    </message>
    <message>
        <source>{0} exists already and was left as it is. Choose another name.</source>
        <translation>{0} 已存在，未作改动。请另取名称。</translation>
    </message>
    <message>
        <source>{0} exists already and was left as it is. Choose to replace it, or another folder.</source>
        <translation>{0} 已存在，未作改动。请选择替换它，或换一个文件夹。</translation>
    </message>
    <message>
        <source>{0} has changed since {1} was made of it; that was left as it is. Choose to replace it, or to keep both.</source>
        <translation>{0} 在生成 {1} 之后有过改动；已有结果未作改动。请选择替换它，或两者都保留。</translation>
    </message>
    <message>
        <source>{0} has no memory left for the network; going on with the processor, which is slower.</source>
        <translation>{0} 的内存容不下模型；改用处理器继续，速度较慢。</translation>
    </message>
    <message>
        <source>{0} has the black and white of a video, which is not read here. Save it in another program with its full range first.</source>
        <translation>{0} 采用视频的黑白电平，此处无法读取。请先用其他程序以全范围保存。</translation>
    </message>
    <message>
        <source>{0} has under {1} a {2} where a named tensor belongs; choose a file that holds one network&apos;s weights alone.</source>
        <translation>{0} 在 {1} 处是 {2}，而这里应为带名称的张量；请选择只含一个网络权重的文件。</translation>
    </message>
    <message>
        <source>{0} has {1} tensors of {2} MiB that share the numbers of {3} MiB; the file is damaged or hostile and was refused.</source>
        <translation>{0} 有 {1} 个张量，共 {2} MiB，却共用 {3} MiB 的数值；文件已损坏或含恶意内容，已拒绝打开。</translation>
    </message>
    <message>
        <source>{0} holds a {1}, not named tensors; choose another file.</source>
        <translation>{0} 存放的是 {1}，而不是带名称的张量；请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} holds floating-point samples of {1} bits, whose range cannot be told. Save it as a 16-bit TIFF or PNG.</source>
        <translation>{0} 的像素是 {1} 位浮点数，无法得知其取值范围。请保存为 16 位的 TIFF 或 PNG。</translation>
    </message>
    <message>
        <source>{0} holds more than weights and was not opened, because that could run any program ({1}); ask its makers for the weights alone, best as safetensors.</source>
        <translation>{0} 除权重外还有别的内容，打开它可能会运行任意程序（{1}），因此没有打开；请向作者索取只含权重的文件，最好是 safetensors。</translation>
    </message>
    <message>
        <source>{0} holds no tensors; choose another file.</source>
        <translation>{0} 不含张量；请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} holds samples of {1} bits, whose range cannot be told. Save it as a 16-bit TIFF or PNG.</source>
        <translation>{0} 的像素是 {1} 位的，无法得知其取值范围。请保存为 16 位的 TIFF 或 PNG。</translation>
    </message>
    <message>
        <source>{0} holds signed samples, whose range cannot be told. Save it as a 16-bit TIFF or PNG.</source>
        <translation>{0} 的像素是有符号数，无法得知其取值范围。请保存为 16 位的 TIFF 或 PNG。</translation>
    </message>
    <message>
        <source>{0} holds two files of one name; it is damaged or hostile and was refused.</source>
        <translation>{0} 内有两个同名文件；它已损坏或含恶意内容，已拒绝打开。</translation>
    </message>
    <message>
        <source>{0} holds {1} entries, more than any network here has.</source>
        <translation>{0} 有 {1} 个条目，多于这里的任何网络。</translation>
    </message>
    <message>
        <source>{0} is a JPEG of a kind that is not read here: {1}. Open it in another program and save it again as PNG.</source>
        <translation>{0} 是此处无法读取的一种 JPEG：{1}。请用其他程序打开，再另存为 PNG。</translation>
    </message>
    <message>
        <source>{0} is a file; choose a folder for the results.</source>
        <translation>{0} 是一个文件；请为结果选择一个文件夹。</translation>
    </message>
    <message>
        <source>{0} is neither an SR3 nor an ADM checkpoint (its first tensors are {1}). If it is a single-pass upscaler such as Real-ESRGAN, install what reads them: pip install spandrel</source>
        <translation>{0} 既不是 SR3 也不是 ADM 检查点（开头的张量为 {1}）。如果它是 Real-ESRGAN 之类的单次放大模型，请安装读取它们的组件：pip install spandrel</translation>
    </message>
    <message>
        <source>{0} is the folder of the photos themselves; choose another for the results.</source>
        <translation>{0} 就是照片所在的文件夹；请为结果选择另一个文件夹。</translation>
    </message>
    <message>
        <source>{0} is too small for the study: its sides are below {1} pixels.</source>
        <translation>{0} 太小，不能用于测试：边长不足 {1} 像素。</translation>
    </message>
    <message>
        <source>{0} is {1} GB, more than any photo of its kind is. Choose another file.</source>
        <translation>{0} 有 {1} GB，超过此类照片可能的大小。请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} is {1}, which cannot be opened here. JPEG, PNG, TIFF, WebP, HEIC, AVIF and BMP can; save it as one of these first.</source>
        <translation>{0} 是{1}，这里无法打开。可以打开 JPEG、PNG、TIFF、WebP、HEIC、AVIF 和 BMP；请先另存为其中一种。</translation>
    </message>
    <message>
        <source>{0} leads out of {1} by a link, so nothing is written there. Remove the link, or choose another place.</source>
        <translation>{0} 通过链接通往 {1} 之外，因此没有写入任何内容。请删除该链接，或选择别的位置。</translation>
    </message>
    <message>
        <source>{0} names far more tensors than any network here has; choose another file.</source>
        <translation>{0} 列出的张量远多于这里的任何网络；请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} needs the optional package spandrel, which cannot be loaded ({1}); install it with: pip install spandrel</source>
        <translation>{0} 需要可选组件 spandrel，而它无法加载（{1}）；请安装：pip install spandrel</translation>
    </message>
    <message>
        <source>{0} ran out of memory even with small pieces; going on with the processor, which is slower.</source>
        <translation>{0} 即使用小分块也内存不足；改用处理器继续，速度较慢。</translation>
    </message>
    <message>
        <source>{0} ran out of memory; going on with pieces of {1} pixels.</source>
        <translation>{0} 内存不足；改用 {1} 像素的分块继续。</translation>
    </message>
    <message>
        <source>{0} is a TorchScript program, not weights; choose the file that holds the weights alone.</source>
        <translation>{0} 是 TorchScript 程序，不是权重；请选择只含权重的文件。</translation>
    </message>
    <message>
        <source>The model {0} does not fill damage; install it again.</source>
        <translation>模型 {0} 不能填补损伤；请重新安装。</translation>
    </message>
    <message>
        <source>The model {0} fills damage and enlarges no photos; choose another.</source>
        <translation>模型 {0} 用于填补损伤，不能放大照片；请选择其他模型。</translation>
    </message>
    <message>
        <source>The model {0} finds damage and enlarges no photos; choose another.</source>
        <translation>模型 {0} 用于查找损伤，不能放大照片；请选择其他模型。</translation>
    </message>
    <message>
        <source>There is no photo in {0} of the kinds and sizes that are wanted; choose another folder, or take more kinds and sizes of them.</source>
        <translation>{0} 中没有符合所选类型和尺寸的照片；请选择其他文件夹，或放宽类型和尺寸。</translation>
    </message>
    <message>
        <source>There is not enough memory for even the smallest piece of {0} pixels; close other programs and try again.</source>
        <translation>内存连 {0} 像素的最小分块也容不下；请关闭其他程序后重试。</translation>
    </message>
    <message>
        <source>{0} is a HEIC picture, which needs the package pi-heif. Install it with pip install pi-heif, or save the photo as JPEG first.</source>
        <translation>{0} 是 HEIC 图片，需要 pi-heif 组件。请用 pip install pi-heif 安装，或先把照片另存为 JPEG。</translation>
    </message>
    <message>
        <source>{0} is a TIFF whose pixels are stored in a way that is not read here: {1}. Open it in another program and save it again as PNG.</source>
        <translation>{0} 是一个 TIFF 文件，其像素的存储方式此处无法读取：{1}。请用其他程序打开，再另存为 PNG。</translation>
    </message>
    <message>
        <source>{0} is a camera&apos;s raw file, which needs the optional package rawpy. Install it with pip install rawpy, or save the photo as a 16-bit TIFF in another program first.</source>
        <translation>{0} 是相机 RAW 原始文件，需要可选组件 rawpy。请用 pip install rawpy 安装，或先在其他程序中把照片另存为 16 位 TIFF。</translation>
    </message>
    <message>
        <source>{0} is a checkpoint of no kind that Restorer or spandrel knows ({1}).</source>
        <translation>{0} 不属于 Restorer 或 spandrel 认识的任何检查点类型（{1}）。</translation>
    </message>
    <message>
        <source>{0} is a compressed archive, which no checkpoint of PyTorch is, and was not opened; unpack it if it is a zip file with the checkpoint inside.</source>
        <translation>{0} 是压缩档案，而 PyTorch 检查点不是这样的，因此没有打开；如果检查点在 zip 文件里，请先解压。</translation>
    </message>
    <message>
        <source>{0} is a device or pipe, not a photo. Choose a file.</source>
        <translation>{0} 是设备或管道，不是照片。请选择文件。</translation>
    </message>
    <message>
        <source>{0} is a file, so no folder of that name can be used; choose another place.</source>
        <translation>{0} 是文件，不能用作同名文件夹；请选择别的位置。</translation>
    </message>
    <message>
        <source>{0} is a folder, not a photo. Choose a file in it.</source>
        <translation>{0} 是文件夹，不是照片。请选择其中的文件。</translation>
    </message>
    <message>
        <source>{0} is a folder, so no photo can be saved under that name. Choose another.</source>
        <translation>{0} 是文件夹，因此不能用这个名称保存照片。请另选名称。</translation>
    </message>
    <message>
        <source>{0} is a network of kind {1} that does not enlarge colour photos.</source>
        <translation>{0} 是 {1} 类型的网络，不能放大彩色照片。</translation>
    </message>
    <message>
        <source>{0} is a pickle, which could run any program, or was saved by PyTorch before 1.6; ask its makers for a safetensors file, or save it again with a newer PyTorch where it came from.</source>
        <translation>{0} 是可能运行任意程序的 pickle，或由 1.6 之前的 PyTorch 保存；请向作者索取 safetensors 文件，或在其来源处用较新的 PyTorch 重新保存。</translation>
    </message>
    <message>
        <source>{0} is a web page, not a checkpoint; the download did not give the file itself.</source>
        <translation>{0} 是网页，不是检查点；下载得到的不是文件本身。</translation>
    </message>
    <message>
        <source>{0} is an HDR picture, whose brightness ordinary files cannot hold. Save it as JPEG or PNG in another program first.</source>
        <translation>{0} 是 HDR 图片，普通文件容纳不下它的亮度。请先在别的程序中另存为 JPEG 或 PNG。</translation>
    </message>
    <message>
        <source>{0} is an SR3 network that makes pictures of nothing (its tensor downs.0.weight takes {1} channels, not 6); only networks that enlarge can be imported.</source>
        <translation>{0} 是凭空生成图片的 SR3 网络（其张量 downs.0.weight 有 {1} 个通道，而不是 6）；只能导入用于放大的网络。</translation>
    </message>
    <message>
        <source>{0} is an archive, but none of PyTorch&apos;s; choose the checkpoint itself.</source>
        <translation>{0} 是档案，但不是 PyTorch 的；请选择检查点本身。</translation>
    </message>
    <message>
        <source>{0} is an original, and originals are never replaced.</source>
        <translation>{0} 是原照片，原照片永远不会被替换。</translation>
    </message>
    <message>
        <source>{0} is damaged or cut short ({1}); download it again.</source>
        <translation>{0} 已损坏或不完整（{1}）；请重新下载。</translation>
    </message>
    <message>
        <source>{0} is damaged, or stored in a way that cannot be decoded. Open it in another program and save it again as PNG.</source>
        <translation>{0} 已损坏，或其存储方式无法解码。请在别的程序中打开并另存为 PNG。</translation>
    </message>
    <message>
        <source>{0} is empty. Copy it again from where it came.</source>
        <translation>{0} 是空的。请从来源处重新复制。</translation>
    </message>
    <message>
        <source>{0} is empty; download it again.</source>
        <translation>{0} 是空的；请重新下载。</translation>
    </message>
    <message>
        <source>{0} is incomplete: the file ends before its picture does. Copy it again from where it came.</source>
        <translation>{0} 不完整：图片还没结束文件就结束了。请从来源处重新复制。</translation>
    </message>
    <message>
        <source>{0} is no checkpoint: neither a PyTorch archive nor safetensors; choose another file.</source>
        <translation>{0} 不是检查点：既不是 PyTorch 档案也不是 safetensors；请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} is no longer there ({1}). Check its name, and that its disk is connected.</source>
        <translation>{0} 已不在了（{1}）。请检查其名称，并确认磁盘已连接。</translation>
    </message>
    <message>
        <source>{0} is not Restorer&apos;s; move it away, then try again.</source>
        <translation>{0} 不是 Restorer 的；请把它移走，然后再试。</translation>
    </message>
    <message>
        <source>{0} is not a plain one; export the network with plain weights.</source>
        <translation>{0} 不是普通张量；请以普通权重导出网络。</translation>
    </message>
    <message>
        <source>{0} is not a {1} file; change its ending or the format.</source>
        <translation>{0} 不是 {1} 文件；请更改其后缀或格式。</translation>
    </message>
    <message>
        <source>{0} is not an image: its content is none of JPEG, PNG, TIFF, WebP and BMP, whatever its name says. Choose another file.</source>
        <translation>{0} 不是图片：不管名称如何，其内容不属于 JPEG、PNG、TIFF、WebP 和 BMP。请选择别的文件。</translation>
    </message>
    <message>
        <source>{0} is the DDPM variant of the SR3 code, told a time step in place of the noise level; only the sr3 variant can be imported.</source>
        <translation>{0} 是 SR3 代码的 DDPM 变体，以时间步代替噪声水平；只能导入 sr3 变体。</translation>
    </message>
    <message>
        <source>{0} is the state of a training run&apos;s optimiser, not a network; choose the file beside it that ends in _gen.pth.</source>
        <translation>{0} 是训练优化器的状态，不是网络；请选择它旁边以 _gen.pth 结尾的文件。</translation>
    </message>
    <message>
        <source>{0} is too large: {1} x {2} pixels, and photos of up to {3} megapixels can be opened. Reduce it or cut it into parts first.</source>
        <translation>{0} 太大：{1} × {2} 像素，而最多能打开 {3} 百万像素的照片。请先缩小或分割。</translation>
    </message>
    <message>
        <source>{0} leaves {1} not open; drop that assumption. It is: {2}.</source>
        <translation>{0} 已经确定了 {1}；请去掉该假设。它是：{2}。</translation>
    </message>
    <message>
        <source>{0} looks like an ADM network, but its tensor input_blocks.0.0.weight takes {1} channels, not 3 or 6.</source>
        <translation>{0} 像 ADM 网络，但其张量 input_blocks.0.0.weight 有 {1} 个通道，而不是 3 或 6。</translation>
    </message>
    <message>
        <source>{0} looks like an ADM network, but its tensor out.2.weight gives {1} channels, not 3 or 6.</source>
        <translation>{0} 像 ADM 网络，但其张量 out.2.weight 给出 {1} 个通道，而不是 3 或 6。</translation>
    </message>
    <message>
        <source>{0} looks like an ADM network, but its tensor {1} {2}.</source>
        <translation>{0} 像 ADM 网络，但其张量 {1} {2}。</translation>
    </message>
    <message>
        <source>{0} looks like an SR3 network, but has a tensor {1} that such a file has not.</source>
        <translation>{0} 像 SR3 网络，但有此类文件所没有的张量 {1}。</translation>
    </message>
    <message>
        <source>{0} looks like an SR3 network, but its tensor betas is no noise schedule (numbers between 0 and 1).</source>
        <translation>{0} 像 SR3 网络，但其张量 betas 不是噪声表（0 和 1 之间的数值）。</translation>
    </message>
    <message>
        <source>{0} looks like an SR3 network, but its tensor {1} {2}.</source>
        <translation>{0} 像 SR3 网络，但其张量 {1} {2}。</translation>
    </message>
    <message>
        <source>{0} looks like {1}, but has a tensor {2} that such a network does not know.</source>
        <translation>{0} 像 {1}，但有此类网络不认识的张量 {2}。</translation>
    </message>
    <message>
        <source>{0} looks like {1}, but its tensor {2} has shape {3} where the network has {4}.</source>
        <translation>{0} 像 {1}，但其张量 {2} 形状为 {3}，而网络中为 {4}。</translation>
    </message>
    <message>
        <source>{0} looks like {1}, but lacks the tensor {2}; it is damaged or of another kind.</source>
        <translation>{0} 像 {1}，但缺少张量 {2}；它已损坏或属于别的类型。</translation>
    </message>
    <message>
        <source>{0} may not be read. Change its permissions, or copy it elsewhere.</source>
        <translation>没有读取 {0} 的权限。请更改其权限，或复制到别处。</translation>
    </message>
    <message>
        <source>{0} ran out of memory even with one picture; going on with the processor, which is slower.</source>
        <translation>{0} 连一张图片的内存也不够；改用处理器继续，速度较慢。</translation>
    </message>
    <message>
        <source>{0} says that it holds {1} x {2} pixels, and its {3} bytes are too few for such a photo. Copy it again from where it came, or reduce it in another program.</source>
        <translation>{0} 声称有 {1} x {2} 像素，但它的 {3} 字节不足以存放这样的照片。请从来源处重新复制，或先在别的程序中缩小。</translation>
    </message>
    <message>
        <source>{0} shows no face that is large enough for the study.</source>
        <translation>{0} 中没有大到可用于测试的人脸。</translation>
    </message>
    <message>
        <source>{0} was changed while it was being restored, so the result was not kept. Retry it once it is finished.</source>
        <translation>{0} 在修复期间被改动，因此结果没有保留。请等它完成后重试。</translation>
    </message>
    <message>
        <source>{0} was not written by Restorer; move it away, then try again.</source>
        <translation>{0} 不是 Restorer 写的；请把它移走，然后再试。</translation>
    </message>
    <message>
        <source>{0}, a part of Restorer, is missing; install Restorer again.</source>
        <translation>缺少 Restorer 的组成部分 {0}；请重新安装 Restorer。</translation>
    </message>
    <message>
        <source>{0}. Choose another folder or disk</source>
        <translation>{0}。请选择别的文件夹或磁盘</translation>
    </message>
    <message>
        <source>{0}: the network returned a picture of one colour. Try --device cpu.</source>
        <translation>{0}：网络返回了单色图片。请在设置中改用处理器（CPU）。</translation>
    </message>
    <message>
        <source>{0}: the network returned values that are not numbers, so the result was not kept. Try again with float32 precision or on another device.</source>
        <translation>{0}：网络返回了非数值，因此结果没有保留。请用 float32 精度或在别的设备上再试。</translation>
    </message>
    <message>
        <source>{0}: the network returned values that are not numbers. Try --device cpu.</source>
        <translation>{0}：网络返回了非数值。请在设置中改用处理器（CPU）。</translation>
    </message>
    <message>
        <source>{0}: {1}; choose other heads.</source>
        <translation>{0}：{1}；请选择别的注意力头数。</translation>
    </message>
    <message>
        <source>{0}={1} does not fit this file; possible are {2}.</source>
        <translation>{0}={1} 与此文件不符；可用的有 {2}。</translation>
    </message>
    <message>
        <source>the file is too short</source>
        <translation>文件不完整</translation>
    </message>
    <message>
        <source>the file is damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>The result of version {0} cannot be fetched from {1}: {2}. Restore the photo again as this version.</source>
        <translation>无法从 {1} 取回版本号为 {0} 的结果：{2}。请用这个版本号重新修复照片。</translation>
    </message>
    <message>
        <source>A brace has no partner, or what stands in braces has a form that cannot be filled in.</source>
        <translation>花括号不成对，或花括号中的写法无法替换。</translation>
    </message>
    <message>
        <source>There is no placeholder {0}.</source>
        <translation>没有占位符 {0}。</translation>
    </message>
    <message>
        <source>Type a name for the file.</source>
        <translation>请输入文件名。</translation>
    </message>
    <message>
        <source>Results are not saved as {0}. Let the name end in .png, .jpg, .tif or .webp.</source>
        <translation>结果不能保存为 {0}。请让文件名以 .png、.jpg、.tif 或 .webp 结尾。</translation>
    </message>
    <message>
        <source>{0} does not say what its licence is. Ask whoever made it before you pass it on.</source>
        <translation>{0} 没有说明许可证。转发之前，请先询问制作者。</translation>
    </message>
    <message>
        <source>The licence of {0} is {1}. Its text is not on this computer.</source>
        <translation>{0} 的许可证是 {1}。本机上没有它的全文。</translation>
    </message>
    <message>
        <source>It was trained on:</source>
        <translation>训练所用的数据：</translation>
    </message>
    <message>
        <source>{0} is no picture, so it was not opened.</source>
        <translation>{0} 不是图片，因此没有打开。</translation>
    </message>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} 以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>These files are no pictures, so they were not opened: {0}.</source>
        <translation>这些文件不是图片，因此没有打开：{0}。</translation>
    </message>
    <message>
        <source>Draw a rectangle on the photo. Enter takes the middle, Esc gives it up.</source>
        <translation>在照片上拖出一个矩形。按 Enter 取中间部分，按 Esc 放弃。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unsaved result(s)</source>
        <translation>
            <numerusform>%n 个未保存的结果</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) of a class</source>
        <translation>
            <numerusform>%n 张生成的图片</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} versions of {1}</source>
        <translation>{1} 的 {0} 个版本</translation>
    </message>
    <message>
        <source>{0}, interrupted</source>
        <translation>{0}（已中断）</translation>
    </message>
    <message>
        <source>{0}, interrupted at {1} %</source>
        <translation>{0}（在 {1}% 处中断）</translation>
    </message>
    <message>
        <source>pictures, interrupted at {0} %</source>
        <translation>图片生成（在 {0}% 处中断）</translation>
    </message>
    <message>
        <source>the folder job for {0}</source>
        <translation>文件夹任务 {0}</translation>
    </message>
    <message>
        <source>Continue where you were?</source>
        <translation>要从上次停下的地方继续吗？</translation>
    </message>
    <message>
        <source>The run is paused, and nothing of it is lost. What shall become of it?</source>
        <translation>处理已暂停，进度没有丢失。接下来怎么办？</translation>
    </message>
    <message>
        <source>The run is paused at {0} %, and nothing of it is lost. What shall become of it?</source>
        <translation>处理已在 {0}% 处暂停，进度没有丢失。接下来怎么办？</translation>
    </message>
    <message>
        <source>The guide should lie at {0}, and does not. Install Restorer again.</source>
        <translation>使用指南应在 {0}，但那里没有。请重新安装 Restorer。</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Sharp and natural. Right for most photos.</source>
        <translation>清晰自然，适合大多数照片。</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Quicker, with a little less detail.</source>
        <translation>速度更快，细节略少。</translation>
    </message>
    <message>
        <source>Faithful</source>
        <translation>忠实</translation>
    </message>
    <message>
        <source>Stays closest to the photo and invents least. Softer.</source>
        <translation>最接近原照片，推想最少，画面较柔和。</translation>
    </message>
    <message>
        <source>Worn scans</source>
        <translation>老旧扫描件</translation>
    </message>
    <message>
        <source>For scans with much grain, blur and dirt.</source>
        <translation>适合颗粒重、模糊、脏污多的扫描件。</translation>
    </message>
    <message>
        <source>Step by step</source>
        <translation>逐步细化</translation>
    </message>
    <message>
        <source>Works in many small steps. Slower, and only at 4×.</source>
        <translation>分许多小步完成，较慢，只能放大 4×。</translation>
    </message>
    <message>
        <source>Scratch repair</source>
        <translation>去除划痕</translation>
    </message>
    <message>
        <source>Takes out scratches, dust and creases before a photo is enlarged.</source>
        <translation>在放大之前去除划痕、灰尘和折痕。</translation>
    </message>
    <message>
        <source>Picture maker</source>
        <translation>图片生成</translation>
    </message>
    <message>
        <source>Invents small pictures on the Generate side.</source>
        <translation>在“生成”一侧凭空生成小图。</translation>
    </message>
    <message>
        <source>Picture enlarger</source>
        <translation>图片放大</translation>
    </message>
    <message>
        <source>Enlarges what the picture maker has invented.</source>
        <translation>放大“图片生成”所生成的小图。</translation>
    </message>
    <message>
        <source>Save the mask</source>
        <translation>保存蒙版</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>蒙版</translation>
    </message>
    <message>
        <source>Load a mask</source>
        <translation>载入蒙版</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Versions look alike</source>
        <translation>各版本很接近</translation>
    </message>
    <message>
        <source>Versions differ: partly a guess</source>
        <translation>各版本不同：部分为推想</translation>
    </message>
    <message>
        <source>Other versions of this face differ by {0} of 255 grey levels. Where they differ, the photo does not tell what the face is like, and the model invented it.</source>
        <translation>这张脸的其他版本相差 {0} 个灰阶（共 255 阶）。版本不同之处，照片并没有说明这张脸是什么样子，是模型推想出来的。</translation>
    </message>
</context>
<context>
    <name>AdvancedBox</name>
    <message>
        <source>Keep the photo&apos;s colours</source>
        <translation>保持照片的颜色</translation>
    </message>
    <message>
        <source>Holds the photo&apos;s colours, so that no hue drifts; without it they may be repainted.</source>
        <translation>锁定照片的颜色，避免偏色；关闭后颜色可能改变。</translation>
    </message>
    <message>
        <source>One result.</source>
        <translation>一个结果。</translation>
    </message>
    <message>
        <source>{0} results to choose from.</source>
        <translation>{0} 个结果供选择。</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Several versions side by side; where they differ, the detail is invented.</source>
        <translation>并排生成几个版本；它们不一致的地方，细节就是推想出来的。</translation>
    </message>
    <message>
        <source>Version number</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>The same number gives the same picture; another one imagines other detail.</source>
        <translation>版本号相同，结果就相同；换一个版本号，推想出的细节就不同。</translation>
    </message>
    <message>
        <source>Another version</source>
        <translation>换一个版本</translation>
    </message>
    <message>
        <source>Take another version next (Ctrl+D).</source>
        <translation>下次换一个版本（Ctrl+D）。</translation>
    </message>
    <message>
        <source>What the photo shows</source>
        <translation>照片的内容</translation>
    </message>
    <message>
        <source>This model knows classes of things; type a part of a name, for example “church”.</source>
        <translation>此模型认识各类事物；请输入名称的一部分，例如“教堂”。</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>Anything</source>
        <translation>任意</translation>
    </message>
</context>
<context>
    <name>AppActions</name>
    <message>
        <source>The settings could not be written to {0}: {1}.</source>
        <translation>无法把设置写入 {0}：{1}。</translation>
    </message>
    <message>
        <source>No program on this computer could open {0}. Look for it there yourself.</source>
        <translation>这台电脑上没有程序能打开 {0}，请自行前往查看。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Close this message.</source>
        <translation>关闭此消息。</translation>
    </message>
</context>
<context>
    <name>BatchForm</name>
    <message>
        <source>Folders and photos to restore</source>
        <translation>要修复的文件夹和照片</translation>
    </message>
    <message>
        <source>Folders and photos can be dropped on this window, too.</source>
        <translation>也可以将文件夹和照片拖到此窗口上。</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Choose a folder; its sub-folders belong to it.</source>
        <translation>选择一个文件夹，其子文件夹也包括在内。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Take what is selected off the list; no file is touched.</source>
        <translation>将所选项从列表中移除，不会改动任何文件。</translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation>结果文件夹</translation>
    </message>
    <message>
        <source>Sub-folders are mirrored in it. It is made where it is not there yet.</source>
        <translation>其中会保留子文件夹的结构；文件夹不存在时会自动创建。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose the folder for the results.</source>
        <translation>选择存放结果的文件夹。</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>How many times as wide and as high the results become.</source>
        <translation>结果的宽和高变为原来的多少倍。</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>How much work each photo is given.</source>
        <translation>每张照片投入多少计算。</translation>
    </message>
    <message>
        <source>Fidelity</source>
        <translation>忠实度</translation>
    </message>
    <message>
        <source>To the right the photo is kept as it is; to the left more is re-imagined.</source>
        <translation>越靠右越保留照片原貌，越靠左推想的成分越多。</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>How much of the restoration is taken: to the left the photo, plainly enlarged.</source>
        <translation>采用多少修复效果：最左边是普通放大的照片。</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>颗粒</translation>
    </message>
    <message>
        <source>Puts back each photo&apos;s own grain, as fine as the larger picture can show it.</source>
        <translation>把每张照片自身的颗粒加回来，细腻程度与放大后的画面相称。</translation>
    </message>
    <message>
        <source>Find damage and fill it, cautiously</source>
        <translation>谨慎地查找并填补损伤</translation>
    </message>
    <message>
        <source>Fills only what surely is damage, before the photo is enlarged; look at the results.</source>
        <translation>在放大照片之前，只填补确定是损伤的地方；请检查结果。</translation>
    </message>
    <message>
        <source>Each photo&apos;s own</source>
        <translation>与各照片相同</translation>
    </message>
    <message>
        <source>The kind of file a result becomes; its quality and metadata are as in the settings.</source>
        <translation>结果保存为哪种文件；其质量和元数据按设置处理。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Leave it, skip the photo</source>
        <translation>保留已有结果，跳过照片</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>两者都保留</translation>
    </message>
    <message>
        <source>What becomes of a file that has the name of a result. Originals are never replaced.</source>
        <translation>已有与结果同名的文件时如何处理。原照片绝不会被替换。</translation>
    </message>
    <message>
        <source>If a result exists</source>
        <translation>如果结果已存在</translation>
    </message>
    <message>
        <source>Names of the results</source>
        <translation>结果的名称</translation>
    </message>
    <message>
        <source>Photos of type {0}</source>
        <translation>{0} 类型的照片</translation>
    </message>
    <message>
        <source>Restore photos of type {0}; others are left out.</source>
        <translation>修复 {0} 类型的照片；未选的类型不处理。</translation>
    </message>
    <message>
        <source>Least pixels on the longer side</source>
        <translation>长边最少像素</translation>
    </message>
    <message>
        <source>Most pixels on the longer side</source>
        <translation>长边最多像素</translation>
    </message>
    <message>
        <source>Smaller photos are left out.</source>
        <translation>更小的照片不处理。</translation>
    </message>
    <message>
        <source>Larger photos are left out.</source>
        <translation>更大的照片不处理。</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Keep watching this folder</source>
        <translation>持续监视此文件夹</translation>
    </message>
    <message>
        <source>The job does not end by itself: new scans are restored as they arrive in the folder.</source>
        <translation>任务不会自行结束：新扫描件一放进文件夹就会修复。</translation>
    </message>
    <message>
        <source>&amp;Enlarge</source>
        <translation>放大(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>质量(&amp;Q)</translation>
    </message>
    <message>
        <source>F&amp;idelity</source>
        <translation>忠实度(&amp;I)</translation>
    </message>
    <message>
        <source>Clean-&amp;up</source>
        <translation>清理程度(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Strength</source>
        <translation>强度(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Grain</source>
        <translation>颗粒(&amp;G)</translation>
    </message>
    <message>
        <source>F&amp;aces</source>
        <translation>人脸(&amp;A)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>If one e&amp;xists</source>
        <translation>若已存在(&amp;X)</translation>
    </message>
    <message>
        <source>&amp;Names</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>长边</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>A folder of photos</source>
        <translation>照片文件夹</translation>
    </message>
    <message>
        <source>A folder for the results</source>
        <translation>结果文件夹</translation>
    </message>
</context>
<context>
    <name>BatchLayout</name>
    <message>
        <source>Restore folders</source>
        <translation>修复文件夹中的照片</translation>
    </message>
    <message>
        <source>Progress of the whole job</source>
        <translation>整个任务的进度</translation>
    </message>
    <message>
        <source>Stop restoring?</source>
        <translation>停止修复吗？</translation>
    </message>
    <message>
        <source>What is finished is saved. The rest goes on from the same place when you open this window again.</source>
        <translation>已完成的都已保存。再次打开此窗口时，其余部分从原处继续。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Keep restoring</source>
        <translation>继续修复</translation>
    </message>
    <message>
        <source>Photos and what became of them</source>
        <translation>照片及其处理结果</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>估计</translation>
    </message>
    <message>
        <source>Measure on the first photo how long the job takes and how much room it needs.</source>
        <translation>用第一张照片测算整个任务需要多长时间、占用多少空间。</translation>
    </message>
    <message>
        <source>Try the first {0}</source>
        <translation>试修前 {0} 张</translation>
    </message>
    <message>
        <source>Restore the first few photos only, to see how they come out.</source>
        <translation>只修复前几张照片，先看看效果。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Restore all photos of the list that are not done yet.</source>
        <translation>修复列表中所有尚未完成的照片。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Let the job wait; photos in the main window can be restored meanwhile.</source>
        <translation>让任务暂停；这期间可以修复主窗口中的照片。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End the job or its waiting. What is finished is saved; the rest can go on later.</source>
        <translation>结束任务或结束等待。已完成的都已保存，其余的以后可以继续。</translation>
    </message>
    <message>
        <source>Skip selected</source>
        <translation>跳过所选照片</translation>
    </message>
    <message>
        <source>Set the selected photos aside; they are not restored.</source>
        <translation>跳过所选照片，不修复它们。</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败的照片</translation>
    </message>
    <message>
        <source>Put the selected photos, or all that failed, on the list again.</source>
        <translation>将所选照片或所有失败的照片重新列入任务。</translation>
    </message>
    <message>
        <source>Open result</source>
        <translation>打开结果</translation>
    </message>
    <message>
        <source>Show the result of the selected photo in its own program.</source>
        <translation>用相应的程序打开所选照片的结果。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Write and open a page of what became of every photo.</source>
        <translation>生成并打开一个页面，列出每张照片的处理结果。</translation>
    </message>
</context>
<context>
    <name>BatchPreview</name>
    <message>
        <source>The photo that is being restored</source>
        <translation>正在修复的照片</translation>
    </message>
    <message>
        <source>The photo in work appears here.</source>
        <translation>正在处理的照片显示在这里。</translation>
    </message>
</context>
<context>
    <name>BatchWindow</name>
    <message>
        <source>Restore folders</source>
        <translation>修复文件夹中的照片</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Measuring on the first photo…</source>
        <translation>正在用第一张照片测速…</translation>
    </message>
    <message>
        <source>No program on this computer could open {0}. Look for it there yourself.</source>
        <translation>这台电脑上没有程序能打开 {0}，请自行前往查看。</translation>
    </message>
    <message>
        <source>The report is {0}.</source>
        <translation>报告在 {0}。</translation>
    </message>
    <message>
        <source>The batch stopped because of an error inside Restorer; the details are in the log.</source>
        <translation>Restorer 内部出错，文件夹任务已停止；详情见日志。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Waiting until the run in the main window is done. Stop ends the waiting.</source>
        <translation>等待主窗口中的处理完成。按“停止”可结束等待。</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Plus and minus zoom, the arrow keys pan, Shift with left and right moves the divider. Numbers choose among versions; Enter tries the middle when a region is wanted.</source>
        <translation>加号和减号缩放，方向键平移，Shift 加左右键移动分隔线。数字键选择版本；选区域时，按回车试修中间部分。</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>修复前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>修复后</translation>
    </message>
    <message>
        <source>From the photo</source>
        <translation>来自照片</translation>
    </message>
    <message>
        <source>Invented</source>
        <translation>推想所得</translation>
    </message>
</context>
<context>
    <name>CanvasTool</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leave the photo as it is (Esc).</source>
        <translation>不修改照片（Esc）。</translation>
    </message>
</context>
<context>
    <name>CardView</name>
    <message>
        <source>What is known of the model</source>
        <translation>模型的已知信息</translation>
    </message>
</context>
<context>
    <name>ClassNames</name>
    <message>
        <source>buildings</source>
        <translation>建筑</translation>
    </message>
    <message>
        <source>forest</source>
        <translation>森林</translation>
    </message>
    <message>
        <source>glacier</source>
        <translation>冰川</translation>
    </message>
    <message>
        <source>mountain</source>
        <translation>山</translation>
    </message>
    <message>
        <source>sea</source>
        <translation>海</translation>
    </message>
    <message>
        <source>street</source>
        <translation>街道</translation>
    </message>
    <message>
        <source>tench</source>
        <translation>丁鱥</translation>
    </message>
    <message>
        <source>English springer</source>
        <translation>英国史宾格犬</translation>
    </message>
    <message>
        <source>cassette player</source>
        <translation>盒式磁带机</translation>
    </message>
    <message>
        <source>chain saw</source>
        <translation>链锯</translation>
    </message>
    <message>
        <source>church</source>
        <translation>教堂</translation>
    </message>
    <message>
        <source>French horn</source>
        <translation>圆号</translation>
    </message>
    <message>
        <source>garbage truck</source>
        <translation>垃圾车</translation>
    </message>
    <message>
        <source>gas pump</source>
        <translation>加油机</translation>
    </message>
    <message>
        <source>golf ball</source>
        <translation>高尔夫球</translation>
    </message>
    <message>
        <source>parachute</source>
        <translation>降落伞</translation>
    </message>
</context>
<context>
    <name>ClassPicker</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search for a class</source>
        <translation>搜索类别</translation>
    </message>
    <message>
        <source>Type a part of a name, for example “church” (Ctrl+F).</source>
        <translation>输入名称的一部分，例如“教堂”（Ctrl+F）。</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>This model knows no classes: it makes pictures of whatever it has learned.</source>
        <translation>这个模型不分类别：它学过什么就生成什么。</translation>
    </message>
    <message>
        <source>There is no class of that name.</source>
        <translation>没有这个名称的类别。</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>%n 个类别</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CleanUpSlider</name>
    <message>
        <source>Clean-up</source>
        <translation>清理程度</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Automatic clean-up</source>
        <translation>自动决定清理程度</translation>
    </message>
    <message>
        <source>The chosen model cannot be told how worn a photo is. Another one may.</source>
        <translation>所选模型不能接受照片老化程度的设置，其他模型或许可以。</translation>
    </message>
    <message>
        <source>To the right grain, blur and traces of JPEG go; to the left every pixel is trusted.</source>
        <translation>越靠右，颗粒、模糊和 JPEG 压缩痕迹去除得越多；越靠左，越保留照片原有的像素。</translation>
    </message>
    <message>
        <source>Estimates how worn each photo is, and cleans it as much.</source>
        <translation>估计每张照片的老化程度，并据此清理。</translation>
    </message>
    <message>
        <source>Auto: {0} %</source>
        <translation>自动：{0}%</translation>
    </message>
</context>
<context>
    <name>CompareController</name>
    <message>
        <source>The first result</source>
        <translation>最初的结果</translation>
    </message>
</context>
<context>
    <name>CompareTools</name>
    <message>
        <source>&amp;Divider</source>
        <translation>分隔线(&amp;D)</translation>
    </message>
    <message>
        <source>Before and after on two sides of a line (D).</source>
        <translation>修复前后分列一条线的两边（D）。</translation>
    </message>
    <message>
        <source>&amp;Side by side</source>
        <translation>并排(&amp;S)</translation>
    </message>
    <message>
        <source>Before and after beside each other (S).</source>
        <translation>修复前后并排显示（S）。</translation>
    </message>
    <message>
        <source>Blin&amp;k</source>
        <translation>闪烁(&amp;K)</translation>
    </message>
    <message>
        <source>Before and after in turn (K).</source>
        <translation>修复前后轮流显示（K）。</translation>
    </message>
    <message>
        <source>&amp;Loupe</source>
        <translation>放大镜(&amp;L)</translation>
    </message>
    <message>
        <source>A magnifying glass at the pointer (L).</source>
        <translation>指针处的放大镜（L）。</translation>
    </message>
    <message>
        <source>Show what was in&amp;vented</source>
        <translation>显示推想出来的部分(&amp;V)</translation>
    </message>
    <message>
        <source>Colours the detail that the photo does not tell and the model invented (I).</source>
        <translation>给照片里没有、由模型推想出来的细节上色（I）。</translation>
    </message>
    <message>
        <source>Show only &amp;before</source>
        <translation>只看修复前(&amp;B)</translation>
    </message>
</context>
<context>
    <name>ContactSheet</name>
    <message>
        <source>Sheet of pictures</source>
        <translation>图片总览</translation>
    </message>
    <message>
        <source>The arrow keys choose a picture, Enter shows it alone or all of them again, plus and minus zoom.</source>
        <translation>方向键选择图片，回车单独显示这张或重新显示全部，加号和减号缩放。</translation>
    </message>
</context>
<context>
    <name>ControlPanel</name>
    <message>
        <source>Restore</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Restore this photo (Ctrl+R).</source>
        <translation>修复这张照片（Ctrl+R）。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Learned from earlier runs on this computer; before the first, from a short measurement.</source>
        <translation>根据这台电脑上以往的用时得出；第一次处理之前，根据一次短暂的测速得出。</translation>
    </message>
    <message>
        <source>Save the result</source>
        <translation>保存结果</translation>
    </message>
    <message>
        <source>Save the restored picture as a new file (Ctrl+S).</source>
        <translation>把修复结果存为新文件（Ctrl+S）。</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>上一张照片</translation>
    </message>
    <message>
        <source>The previous photo (Page Up).</source>
        <translation>上一张照片（Page Up）。</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张照片</translation>
    </message>
    <message>
        <source>The next photo (Page Down).</source>
        <translation>下一张照片（Page Down）。</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Fidelity</source>
        <translation>忠实度</translation>
    </message>
    <message>
        <source>To the right the photo is kept as it is; to the left more of it is imagined anew.</source>
        <translation>越靠右越保留照片原貌，越靠左推想的成分越多。</translation>
    </message>
    <message>
        <source>Re-imagine</source>
        <translation>重新想象</translation>
    </message>
    <message>
        <source>Keep the photo</source>
        <translation>保留原貌</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Settings that are seldom needed.</source>
        <translation>很少用到的设置。</translation>
    </message>
    <message>
        <source>Back to the usual settings</source>
        <translation>恢复默认设置</translation>
    </message>
    <message>
        <source>Set everything here as it was when Restorer was new.</source>
        <translation>把这里的所有设置恢复为初次使用时的样子。</translation>
    </message>
    <message>
        <source>Clean-up</source>
        <translation>清理程度</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>No photo yet</source>
        <translation>还没有照片</translation>
    </message>
    <message>
        <source>{0} pixels</source>
        <translation>{0} 像素</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>第 {0} 张，共 {1} 张</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop this run, and choose what becomes of it (Esc).</source>
        <translation>停下本次处理，并选择如何处置（Esc）。</translation>
    </message>
    <message>
        <source>Save the edited photo</source>
        <translation>保存编辑后的照片</translation>
    </message>
    <message>
        <source>Save the photo with its edits as a new file, without a restoration (Ctrl+S).</source>
        <translation>不经修复，将编辑后的照片另存为新文件（Ctrl+S）。</translation>
    </message>
    <message>
        <source>No model is installed, so nothing can be enlarged.</source>
        <translation>没有安装模型，无法放大。</translation>
    </message>
    <message>
        <source>Each side becomes {0} times as long.</source>
        <translation>每边变为原来的 {0} 倍。</translation>
    </message>
    <message>
        <source>With the model {0}.</source>
        <translation>使用模型 {0}。</translation>
    </message>
</context>
<context>
    <name>CropArea</name>
    <message>
        <source>Part to keep</source>
        <translation>保留的部分</translation>
    </message>
    <message>
        <source>Arrow keys move the frame, Shift with arrow keys sizes it, Enter applies, Esc gives up.</source>
        <translation>方向键移动边框，Shift 加方向键调整大小，回车应用，Esc 放弃。</translation>
    </message>
</context>
<context>
    <name>CropTool</name>
    <message>
        <source>Straighten by</source>
        <translation>校正角度</translation>
    </message>
    <message>
        <source>Degrees clockwise; the empty corners are cut off.</source>
        <translation>顺时针度数；空出的边角会裁掉。</translation>
    </message>
    <message>
        <source>Draw a &amp;horizon</source>
        <translation>画水平线(&amp;H)</translation>
    </message>
    <message>
        <source>Draw a horizon</source>
        <translation>画水平线</translation>
    </message>
    <message>
        <source>Then draw along what should be level or upright; the photo turns until it is.</source>
        <translation>然后沿着本应水平或竖直的地方画一条线，照片会随之转正。</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Print 10 × 15 cm</source>
        <translation>冲印 10 × 15 厘米</translation>
    </message>
    <message>
        <source>Print 13 × 18 cm</source>
        <translation>冲印 13 × 18 厘米</translation>
    </message>
    <message>
        <source>Print A4</source>
        <translation>打印 A4</translation>
    </message>
    <message>
        <source>Shape of the part</source>
        <translation>保留部分的比例</translation>
    </message>
    <message>
        <source>Longer side by shorter side; the frame keeps it.</source>
        <translation>长边与短边之比；裁剪框会保持这一比例。</translation>
    </message>
    <message>
        <source>Turn the &amp;frame</source>
        <translation>横竖切换(&amp;F)</translation>
    </message>
    <message>
        <source>Turn the frame</source>
        <translation>横竖切换</translation>
    </message>
    <message>
        <source>From upright to lying, or back.</source>
        <translation>在竖幅与横幅之间切换。</translation>
    </message>
    <message>
        <source>Sh&amp;ape</source>
        <translation>比例(&amp;A)</translation>
    </message>
    <message>
        <source>{0} pixels</source>
        <translation>{0} 像素</translation>
    </message>
    <message>
        <source>{0} dpi on this print; {1} are sharp</source>
        <translation>按此尺寸冲印为 {0} dpi；{1} dpi 即清晰</translation>
    </message>
    <message>
        <source>Keep this part (Enter).</source>
        <translation>保留这一部分（回车）。</translation>
    </message>
    <message>
        <source>&amp;Straighten by</source>
        <translation>校正角度(&amp;S)</translation>
    </message>
</context>
<context>
    <name>DamageBar</name>
    <message>
        <source>Find damage</source>
        <translation>查找损伤</translation>
    </message>
    <message>
        <source>Cautious</source>
        <translation>谨慎</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>彻底</translation>
    </message>
    <message>
        <source>How much is taken for damage</source>
        <translation>把多少当作损伤</translation>
    </message>
    <message>
        <source>To the left only what is surely damage, to the right all that may be.</source>
        <translation>最左边只算确定的损伤，最右边包括所有可能的损伤。</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填补</translation>
    </message>
    <message>
        <source>Fill what is marked</source>
        <translation>填补标记的地方</translation>
    </message>
    <message>
        <source>Fill what is marked, and leave all else of the photo as it is, to the bit.</source>
        <translation>填补标记的地方，照片其余部分一个比特也不变。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Close the tool; what is marked stays, and a run fills it (Esc).</source>
        <translation>关闭工具；标记会保留，修复时会先填补（Esc）。</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Draw over damage: it will be filled (A).</source>
        <translation>涂在损伤上，这里会被填补（A）。</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Take marks and protection away (E).</source>
        <translation>去掉标记和保护（E）。</translation>
    </message>
    <message>
        <source>Never touch</source>
        <translation>不许改动</translation>
    </message>
    <message>
        <source>Protect a part of the photo: whatever is marked there stays as it is (N).</source>
        <translation>保护照片的一部分：无论那里标记了什么，都保持原样（N）。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Size of the brush</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>Keys: [ smaller, ] larger.</source>
        <translation>按键：[ 缩小，] 放大。</translation>
    </message>
    <message>
        <source>Undo a stroke</source>
        <translation>撤销一笔</translation>
    </message>
    <message>
        <source>Take the last step back (Ctrl+Z).</source>
        <translation>撤销上一步（Ctrl+Z）。</translation>
    </message>
    <message>
        <source>Redo a stroke</source>
        <translation>重做一笔</translation>
    </message>
    <message>
        <source>Take it again (Ctrl+Shift+Z).</source>
        <translation>重做这一步（Ctrl+Shift+Z）。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Take all marks and all protection away.</source>
        <translation>去掉所有标记和保护。</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>载入…</translation>
    </message>
    <message>
        <source>Take the mask from a picture of the photo&apos;s size, white where it is damaged.</source>
        <translation>从与照片同样大小的图片载入蒙版，白色表示损伤。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the mask as a PNG file, which the command line takes as well.</source>
        <translation>把蒙版保存为 PNG 文件，命令行也能使用。</translation>
    </message>
    <message>
        <source>The border of the photo is damaged.</source>
        <translation>照片的边缘有损伤。</translation>
    </message>
    <message>
        <source>Fill it</source>
        <translation>填补</translation>
    </message>
    <message>
        <source>Fill the border like all else that is marked.</source>
        <translation>与其他标记一样填补边缘。</translation>
    </message>
    <message>
        <source>Crop it off</source>
        <translation>裁掉</translation>
    </message>
    <message>
        <source>Keep the largest part that the damage does not reach into.</source>
        <translation>保留损伤没有侵入的最大部分。</translation>
    </message>
    <message>
        <source>Look for scratches, hairs, dust and tears (F).</source>
        <translation>查找划痕、毛发、灰尘和裂口（F）。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Look no longer.</source>
        <translation>不再查找。</translation>
    </message>
    <message>
        <source>Leave the photo as it is.</source>
        <translation>照片保持原样。</translation>
    </message>
</context>
<context>
    <name>DamageCard</name>
    <message>
        <source>Find damage…</source>
        <translation>查找损伤…</translation>
    </message>
    <message>
        <source>Find damage</source>
        <translation>查找损伤</translation>
    </message>
    <message>
        <source>Find scratches, dust and tears, or mark them with a brush, and have only them filled (F).</source>
        <translation>查找划痕、灰尘和裂口，或用画笔标记，然后只填补这些地方（F）。</translation>
    </message>
    <message>
        <source>Try another filling</source>
        <translation>换一种填补</translation>
    </message>
    <message>
        <source>Fill the same places anew; the last filling stays in the history.</source>
        <translation>重新填补同样的地方；上一次的填补保留在历史中。</translation>
    </message>
    <message>
        <source>Damage</source>
        <translation>损伤</translation>
    </message>
</context>
<context>
    <name>DamageController</name>
    <message>
        <source>Nothing is marked, so nothing is filled.</source>
        <translation>没有标记任何地方，因此没有填补。</translation>
    </message>
    <message>
        <source>No model that finds damage is installed, so thin lines and specks were looked for. Check what is marked before it is filled.</source>
        <translation>没有安装能查找损伤的模型，因此只查找了细线和斑点。填补之前请检查标记的地方。</translation>
    </message>
</context>
<context>
    <name>DamageView</name>
    <message>
        <source>Find &amp;damage</source>
        <translation>查找损伤(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Mark damage with the brush</source>
        <translation>用画笔标记损伤(&amp;M)</translation>
    </message>
    <message>
        <source>Damage: a smaller brush</source>
        <translation>损伤：缩小画笔</translation>
    </message>
    <message>
        <source>Damage: a larger brush</source>
        <translation>损伤：放大画笔</translation>
    </message>
    <message>
        <source>Damage: mark</source>
        <translation>损伤：标记</translation>
    </message>
    <message>
        <source>Damage: erase</source>
        <translation>损伤：擦除</translation>
    </message>
    <message>
        <source>Damage: never touch</source>
        <translation>损伤：不许改动</translation>
    </message>
    <message>
        <source>Draw over damage, or let it be found. What is marked is filled, all else stays.</source>
        <translation>涂在损伤上，或者自动查找。标记的地方会被填补，其余保持原样。</translation>
    </message>
    <message>
        <source>{0} of the photo is marked. A run fills it first.</source>
        <translation>已标记照片的 {0}。修复时会先填补。</translation>
    </message>
    <message>
        <source>Looking for damage…</source>
        <translation>正在查找损伤…</translation>
    </message>
    <message>
        <source>Filling what is marked…</source>
        <translation>正在填补标记的地方…</translation>
    </message>
    <message>
        <source>Damage found</source>
        <translation>已查找损伤</translation>
    </message>
    <message>
        <source>What was found is marked. The slider takes more or less of it.</source>
        <translation>已标记找到的损伤。用滑块可以增减。</translation>
    </message>
    <message>
        <source>No damage was found. Move the slider to the right, or mark it by hand.</source>
        <translation>没有找到损伤。请把滑块移向右边，或手动标记。</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>Erased</source>
        <translation>已擦除</translation>
    </message>
    <message>
        <source>Protected</source>
        <translation>已保护</translation>
    </message>
    <message>
        <source>Cleared</source>
        <translation>已清除</translation>
    </message>
    <message>
        <source>{0} marked</source>
        <translation>已标记 {0}</translation>
    </message>
    <message>
        <source>Nothing marked</source>
        <translation>没有标记</translation>
    </message>
    <message>
        <source>photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>The mask is saved as {0}.</source>
        <translation>蒙版已保存为 {0}。</translation>
    </message>
    <message>
        <source>Mask loaded</source>
        <translation>已载入蒙版</translation>
    </message>
</context>
<context>
    <name>DragHandle</name>
    <message>
        <source>Drag the result out</source>
        <translation>拖出结果</translation>
    </message>
    <message>
        <source>Drag this into another program to hand the result over; click to copy the file.</source>
        <translation>把它拖到其他程序即可使用结果；单击则复制文件。</translation>
    </message>
</context>
<context>
    <name>DragOut</name>
    <message>
        <source>The file is on the clipboard.</source>
        <translation>文件已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>EditActions</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>撤销：{0}</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Redo: {0}</source>
        <translation>重做：{0}</translation>
    </message>
    <message>
        <source>Turn &amp;left</source>
        <translation>向左转(&amp;L)</translation>
    </message>
    <message>
        <source>Turn &amp;right</source>
        <translation>向右转(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Straighten and crop…</source>
        <translation>校正和裁剪(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Black and white</source>
        <translation>黑白(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Auto levels for faded photos</source>
        <translation>褪色照片自动色阶(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;White balance and contrast…</source>
        <translation>白平衡与对比度(&amp;W)…</translation>
    </message>
    <message>
        <source>Show the &amp;history</source>
        <translation>显示历史(&amp;H)</translation>
    </message>
    <message>
        <source>Co&amp;mpare with an earlier result…</source>
        <translation>与较早的结果比较(&amp;M)…</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>没有做任何更改。</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>The crop was not applied.</source>
        <translation>裁剪未应用。</translation>
    </message>
</context>
<context>
    <name>EngineWorker</name>
    <message>
        <source>What restores photos cannot be loaded; the log says why. Installing Restorer again may help.</source>
        <translation>无法加载修复功能，原因见日志。重新安装 Restorer 也许能解决问题。</translation>
    </message>
    <message>
        <source>{0} could not be restored because of an error inside Restorer; the details are in the log.</source>
        <translation>由于 Restorer 内部出错，无法修复 {0}，详情见日志。</translation>
    </message>
    <message>
        <source>No picture was made: an error inside Restorer; the details are in the log.</source>
        <translation>没有生成图片：Restorer 内部出错，详情见日志。</translation>
    </message>
    <message>
        <source>Something went wrong inside Restorer; the details are in the log.</source>
        <translation>Restorer 内部出错，详情见日志。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Save the result</source>
        <translation>保存结果</translation>
    </message>
    <message>
        <source>Save the edited photo</source>
        <translation>保存编辑后的照片</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>选择其他文件夹。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>The kind of file a result becomes.</source>
        <translation>结果保存成哪种文件。</translation>
    </message>
    <message>
        <source>Quality of JPEG and WebP</source>
        <translation>JPEG 和 WebP 的质量</translation>
    </message>
    <message>
        <source>Higher is better and larger; 95 is hard to tell from the original.</source>
        <translation>数值越高，画质越好，文件越大；95 已很难与原图区分。</translation>
    </message>
    <message>
        <source>16 bits a sample</source>
        <translation>每样本 16 位</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>长边</translation>
    </message>
    <message>
        <source>Save it smaller than it is; at the top the result is saved in full.</source>
        <translation>可以缩小后保存；取最大值时按完整尺寸保存。</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>What of the photo&apos;s metadata is kept. That it was reconstructed is always noted.</source>
        <translation>保留照片的哪些元数据。总会注明照片经过重建。</translation>
    </message>
    <message>
        <source>Size of the file</source>
        <translation>文件大小</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>质量(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Longer side</source>
        <translation>长边(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Metadata</source>
        <translation>元数据(&amp;M)</translation>
    </message>
    <message>
        <source>The file says in its metadata that it is a reconstruction, by which model and which version it is. Faces can have changed.</source>
        <translation>文件会在元数据中注明这是重建结果，并记下所用的模型和版本号。人脸可能已经改变。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Write the file.</source>
        <translation>写入文件。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save nothing.</source>
        <translation>不保存。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>lossless</source>
        <translation>无损</translation>
    </message>
    <message>
        <source>Finer steps for further work in another program; files get larger.</source>
        <translation>色阶更细，便于在其他程序中继续处理，文件也更大。</translation>
    </message>
    <message>
        <source>This result has 8 bits. Choose 16 bits in the settings before restoring.</source>
        <translation>这个结果是 8 位的。需要 16 位的话，请在修复前到设置中选择。</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>{0} is the original photo. Choose another name.</source>
        <translation>{0} 是原照片，请换一个文件名。</translation>
    </message>
</context>
<context>
    <name>FaceCard</name>
    <message>
        <source>Face {0}</source>
        <translation>人脸 {0}</translation>
    </message>
    <message>
        <source>{0}: in the photo, and as it is now</source>
        <translation>{0}：照片中的样子与现在的样子</translation>
    </message>
    <message>
        <source>Left as it is:
too small to be known</source>
        <translation>保持原样：
太小，无法辨认</translation>
    </message>
    <message>
        <source>{0}: how much of the restoration is taken</source>
        <translation>{0}：采用多少修复</translation>
    </message>
    <message>
        <source>To the left the face as the photo&apos;s model made it; to the right the restored one.</source>
        <translation>向左是照片模型处理出的人脸，向右是专门修复后的人脸。</translation>
    </message>
    <message>
        <source>Others…</source>
        <translation>其他版本…</translation>
    </message>
    <message>
        <source>{0}: another version</source>
        <translation>{0}：换一个版本</translation>
    </message>
    <message>
        <source>Other versions of this face: which one is it?</source>
        <translation>这张脸的其他版本：哪一张才是本人？</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>不修复</translation>
    </message>
    <message>
        <source>{0}: leave this face</source>
        <translation>{0}：不修复这张脸</translation>
    </message>
    <message>
        <source>Take nothing of the restoration of this face.</source>
        <translation>完全不采用对这张脸的修复。</translation>
    </message>
    <message>
        <source>{0}: {1} %</source>
        <translation>{0}：{1} %</translation>
    </message>
</context>
<context>
    <name>FaceStrip</name>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
</context>
<context>
    <name>FaceView</name>
    <message>
        <source>&amp;Faces under the photo</source>
        <translation>照片下方显示人脸(&amp;F)</translation>
    </message>
    <message>
        <source>To restore faces, import a model for them: File &gt; Models.</source>
        <translation>要修复人脸，请导入人脸模型：文件 &gt; 模型。</translation>
    </message>
    <message>
        <source>Set Faces to “Restore them” under Advanced for the larger ones.</source>
        <translation>要修复较大的人脸，请在“高级”中把“人脸”设为“修复”。</translation>
    </message>
    <message>
        <source>Left the photo, right the result.</source>
        <translation>左为照片，右为结果。</translation>
    </message>
</context>
<context>
    <name>FacesBox</name>
    <message>
        <source>Protect small ones</source>
        <translation>保护小的人脸</translation>
    </message>
    <message>
        <source>Nothing is invented in a face that is too small to be known.</source>
        <translation>人脸太小、无法辨认时，不会推想其面貌。</translation>
    </message>
    <message>
        <source>Restore them</source>
        <translation>修复人脸</translation>
    </message>
    <message>
        <source>Small ones are protected; the others go through a model for faces as well.</source>
        <translation>小的人脸受到保护，其余人脸再经专门的人脸模型处理。</translation>
    </message>
    <message>
        <source>Like the rest</source>
        <translation>与其他部分相同</translation>
    </message>
    <message>
        <source>Faces are treated as all else; small ones may come out as masks.</source>
        <translation>人脸与其他部分同样处理；小的人脸可能变得像面具。</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>What becomes of faces: they are what a photo is looked at for first.</source>
        <translation>如何处理人脸：看照片时最先看的就是人脸。</translation>
    </message>
    <message>
        <source>No model for faces is installed. The Models window imports one (File &gt; Models).</source>
        <translation>尚未安装人脸模型。可在“模型”窗口中导入（文件 &gt; 模型）。</translation>
    </message>
</context>
<context>
    <name>FileWorker</name>
    <message>
        <source>The picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>{0} cannot be opened because of an error inside Restorer; the details are in the log.</source>
        <translation>由于 Restorer 内部出错，无法打开 {0}，详情见日志。</translation>
    </message>
    <message>
        <source>{0} cannot be saved because of an error inside Restorer; the details are in the log.</source>
        <translation>由于 Restorer 内部出错，无法保存 {0}，详情见日志。</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Opened photos</source>
        <translation>已打开的照片</translation>
    </message>
    <message>
        <source>Delete takes the chosen photo out of the row.</source>
        <translation>按 Delete 键可将所选照片从列表中移除。</translation>
    </message>
</context>
<context>
    <name>FinishSliders</name>
    <message>
        <source>Strength</source>
        <translation>强度</translation>
    </message>
    <message>
        <source>To the left the photo, plainly enlarged; to the right all of the restoration.</source>
        <translation>最左边是普通放大的照片，最右边是完整的修复效果。</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原照片</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>颗粒</translation>
    </message>
    <message>
        <source>Puts back the photo&apos;s own grain, as fine as the larger picture can show it.</source>
        <translation>把照片自身的颗粒加回来，细腻程度与放大后的画面相称。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>This photo has no grain that could be put back.</source>
        <translation>这张照片没有可以加回来的颗粒。</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
</context>
<context>
    <name>GeneratePanel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>How many</source>
        <translation>张数</translation>
    </message>
    <message>
        <source>How many pictures are made at once, from 1 to {0}.</source>
        <translation>一次生成多少张图片，从 1 到 {0}。</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>The model that makes small pictures, which others then enlarge.</source>
        <translation>先生成小图的模型；小图再由其他模型放大。</translation>
    </message>
    <message>
        <source>Version number</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>The first picture gets this number, the next one the next. The same number gives the same picture.</source>
        <translation>第一张用这个版本号，后面的依次加一。版本号相同，图片就相同。</translation>
    </message>
    <message>
        <source>Another version</source>
        <translation>换一个版本</translation>
    </message>
    <message>
        <source>Take another version next (Ctrl+D).</source>
        <translation>下次换一个版本（Ctrl+D）。</translation>
    </message>
    <message>
        <source>Another version each time</source>
        <translation>每次换一个版本</translation>
    </message>
    <message>
        <source>Take another version whenever Generate is pressed, so that it surprises you.</source>
        <translation>每次按“生成”都换一个版本，每次都有惊喜。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本号</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>{0} pixels</source>
        <translation>{0} 像素</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop this run, and choose what becomes of it (Esc).</source>
        <translation>停下本次处理，并选择如何处置（Esc）。</translation>
    </message>
    <message>
        <source>Make the pictures (Ctrl+Return).</source>
        <translation>生成图片（Ctrl+回车）。</translation>
    </message>
    <message>
        <source>No installed model makes pictures of classes. One can be imported under Models…</source>
        <translation>已安装的模型都不能按类别生成图片。可以在“模型…”中导入一个。</translation>
    </message>
</context>
<context>
    <name>GenerateWorkspace</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on with this run (Esc).</source>
        <translation>继续本次处理（Esc）。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>End this run without its pictures; the sheet stays as it was.</source>
        <translation>结束本次生成，不保留图片；原有的图片不变。</translation>
    </message>
    <message>
        <source>Progress of the pictures</source>
        <translation>图片生成进度</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>Pa&amp;use or go on</source>
        <translation>暂停或继续(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Find a class</source>
        <translation>查找类别(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Keep this picture</source>
        <translation>保留这张图片(&amp;K)</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep this picture when new ones are made; once more lets it go (Ctrl+Shift+K).</source>
        <translation>生成新图片时保留这一张；再按一次则不再保留（Ctrl+Shift+K）。</translation>
    </message>
    <message>
        <source>&amp;Another in its place</source>
        <translation>换一张(&amp;A)</translation>
    </message>
    <message>
        <source>Another</source>
        <translation>换一张</translation>
    </message>
    <message>
        <source>Make another picture in the place of this one (Ctrl+Shift+D).</source>
        <translation>在这个位置另生成一张（Ctrl+Shift+D）。</translation>
    </message>
    <message>
        <source>&amp;Replace all that are not kept</source>
        <translation>替换所有未保留的图片(&amp;R)</translation>
    </message>
    <message>
        <source>Replace the rest</source>
        <translation>替换其余</translation>
    </message>
    <message>
        <source>Make other pictures in the places of those that are not kept (Ctrl+Shift+Return).</source>
        <translation>把未保留的图片都换成新的（Ctrl+Shift+回车）。</translation>
    </message>
    <message>
        <source>The pictures &amp;before</source>
        <translation>上一组图片(&amp;B)</translation>
    </message>
    <message>
        <source>Show the pictures that were here before (Ctrl+Z).</source>
        <translation>显示之前的一组图片（Ctrl+Z）。</translation>
    </message>
    <message>
        <source>T&amp;he pictures after</source>
        <translation>下一组图片(&amp;F)</translation>
    </message>
    <message>
        <source>Show the pictures that were made after these (Ctrl+Shift+Z).</source>
        <translation>显示之后生成的一组图片（Ctrl+Shift+Z）。</translation>
    </message>
    <message>
        <source>&amp;Enlarge further</source>
        <translation>继续放大(&amp;E)</translation>
    </message>
    <message>
        <source>Enlarge further</source>
        <translation>继续放大</translation>
    </message>
    <message>
        <source>Open this picture on the Restore side, to enlarge it like a photo (Ctrl+U).</source>
        <translation>在“修复”一侧打开这张图片，像照片一样放大（Ctrl+U）。</translation>
    </message>
    <message>
        <source>&amp;Save all…</source>
        <translation>全部保存(&amp;S)…</translation>
    </message>
    <message>
        <source>Save all…</source>
        <translation>全部保存…</translation>
    </message>
    <message>
        <source>Save the kept pictures, or all where none is kept (Ctrl+Shift+S).</source>
        <translation>保存保留的图片；没有保留的就保存全部（Ctrl+Shift+S）。</translation>
    </message>
    <message>
        <source>Put this picture on the clipboard (Ctrl+C).</source>
        <translation>把这张图片复制到剪贴板（Ctrl+C）。</translation>
    </message>
    <message>
        <source>Save this picture as a file (Ctrl+S).</source>
        <translation>把这张图片保存为文件（Ctrl+S）。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>图片已复制到剪贴板。</translation>
    </message>
    <message>
        <source>The computer paints it out of nothing: first a few pixels, then more and more detail. Nothing leaves this computer.</source>
        <translation>电脑从无到有画出图片：先是寥寥几个像素，再一点点添上细节。一切都在这台电脑上完成。</translation>
    </message>
    <message>
        <source>Choose a class and press Generate</source>
        <translation>选择一个类别，然后按“生成”</translation>
    </message>
    <message>
        <source>No installed model makes pictures</source>
        <translation>已安装的模型都不能生成图片</translation>
    </message>
    <message>
        <source>{0}, kept</source>
        <translation>{0}，已保留</translation>
    </message>
    <message>
        <source>Stopped. The sheet is as it was.</source>
        <translation>已停止，原有的图片没有改动。</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) made in {0}.</source>
        <translation>
            <numerusform>用 {0} 生成了 %n 张图片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>Nothing was changed: the photo is like that already.</source>
        <translation>没有改动：照片已经是这样了。</translation>
    </message>
    <message>
        <source>In colour again</source>
        <translation>恢复彩色</translation>
    </message>
    <message>
        <source>The result shows the photo as it was before. It is kept: undo brings it back (Ctrl+Z).</source>
        <translation>结果对应的是编辑前的照片。它仍然保留着，撤销即可恢复（Ctrl+Z）。</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Compare with…</source>
        <translation>比较…</translation>
    </message>
    <message>
        <source>Compare with an earlier result</source>
        <translation>与较早的结果比较</translation>
    </message>
    <message>
        <source>Put another result of this photo in the photo&apos;s place, beside the one in view (C).</source>
        <translation>用这张照片的另一个结果代替照片，与当前结果并排比较（C）。</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Compare with this</source>
        <translation>与此结果比较</translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>The photo as it was opened</source>
        <translation>打开时的照片</translation>
    </message>
    <message>
        <source>History of this photo</source>
        <translation>这张照片的历史</translation>
    </message>
    <message>
        <source>Choose a step to go back to it, or forward again. The right button compares its result with the one in view.</source>
        <translation>选择一个步骤即可回到那一步，也可以再往前。用右键可将该步骤的结果与当前结果比较。</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Licence: {0}</source>
        <translation>许可证：{0}</translation>
    </message>
    <message>
        <source>I accept this licence</source>
        <translation>我接受此许可证</translation>
    </message>
    <message>
        <source>Store in half precision: half the size, but not exact</source>
        <translation>以半精度存储：大小减半，但不精确</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose first: {0}.</source>
        <translation>请先选择：{0}。</translation>
    </message>
    <message>
        <source>The licence has to be accepted first.</source>
        <translation>必须先接受许可证。</translation>
    </message>
</context>
<context>
    <name>LauncherOffer</name>
    <message>
        <source>Restorer is in the applications menu now.</source>
        <translation>Restorer 已在应用程序菜单中。</translation>
    </message>
    <message>
        <source>Restorer could not be put into the applications menu: {0}</source>
        <translation>无法把 Restorer 放进应用程序菜单：{0}</translation>
    </message>
</context>
<context>
    <name>MenuBar</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>Restore &amp;folders…</source>
        <translation>修复文件夹中的照片(&amp;F)…</translation>
    </message>
    <message>
        <source>Open the &amp;results&apos; folder</source>
        <translation>打开结果所在文件夹(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>照片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>生成(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Restore photos</source>
        <translation>修复照片(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Make pictures</source>
        <translation>生成图片(&amp;M)</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Fit to window</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;True pixels</source>
        <translation>实际像素(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>外观(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation>工具(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Study…</source>
        <translation>辨别测试(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Guide</source>
        <translation>使用指南(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>Show the &amp;log</source>
        <translation>显示日志(&amp;L)</translation>
    </message>
    <message>
        <source>Put Restorer into the applications &amp;menu</source>
        <translation>把 Restorer 放进应用程序菜单(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;About Restorer</source>
        <translation>关于 Restorer(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Clear the list</source>
        <translation>清空列表(&amp;C)</translation>
    </message>
    <message>
        <source>Like the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
</context>
<context>
    <name>ModelsWindow</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Show all models, and all that is known of each.</source>
        <translation>显示所有模型，以及每个模型的全部信息。</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Choose the file of a model that was made elsewhere, and take it in.</source>
        <translation>选择别处制作的模型文件，将其导入。</translation>
    </message>
    <message>
        <source>Use for photos</source>
        <translation>用来修复照片</translation>
    </message>
    <message>
        <source>Make samples</source>
        <translation>生成样例</translation>
    </message>
    <message>
        <source>Let the model show what it does; the pictures stay with it.</source>
        <translation>让模型展示它的效果；图片会保存在模型旁。</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Read the whole model and compare it with its checksum.</source>
        <translation>读取整个模型，与校验和比对。</translation>
    </message>
    <message>
        <source>Restore photos with this model from now on.</source>
        <translation>从现在起用此模型修复照片。</translation>
    </message>
    <message>
        <source>Choose automatically</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Restore photos with the model that suits each enlargement, as at first.</source>
        <translation>按放大倍数自动选用合适的模型，与最初一样。</translation>
    </message>
    <message>
        <source>Delete this model from the computer.</source>
        <translation>从计算机中删除此模型。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End what is going on; a model that is half there goes.</source>
        <translation>结束正在进行的操作；只导入了一半的模型会被删除。</translation>
    </message>
    <message>
        <source>comes with Restorer</source>
        <translation>Restorer 自带</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>您导入的</translation>
    </message>
    <message>
        <source>Drop the file of another model here (SR3, ADM or a single-pass upscaler), or choose it with Import.</source>
        <translation>把其他模型的文件（SR3、ADM 或单次放大模型）拖到这里，或用“导入”选择。</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>worn photos</source>
        <translation>磨损的照片</translation>
    </message>
    <message>
        <source>in use for {0} and {1}</source>
        <translation>用于{0}和{1}</translation>
    </message>
    <message>
        <source>in use for {0}</source>
        <translation>用于{0}</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Models ({0})</source>
        <translation>模型 ({0})</translation>
    </message>
    <message>
        <source>One thing at a time: wait for what is going on, or stop it.</source>
        <translation>一次只能做一件事：请等待当前操作完成，或先停止它。</translation>
    </message>
    <message>
        <source>Looking into {0}…</source>
        <translation>正在查看 {0}…</translation>
    </message>
    <message>
        <source>Importing {0}…</source>
        <translation>正在导入 {0}…</translation>
    </message>
    <message>
        <source>{0} was imported.</source>
        <translation>已导入 {0}。</translation>
    </message>
    <message>
        <source>Stopped. Nothing was imported.</source>
        <translation>已停止，没有导入任何内容。</translation>
    </message>
    <message>
        <source>Photos are restored with {0} now.</source>
        <translation>现在用 {0} 修复照片。</translation>
    </message>
    <message>
        <source>Photos are restored with the model that suits each enlargement now.</source>
        <translation>现在按放大倍数自动选用合适的模型。</translation>
    </message>
    <message>
        <source>{0} shows what it does…</source>
        <translation>{0} 正在生成样例…</translation>
    </message>
    <message>
        <source>This is what {0} makes.</source>
        <translation>这是 {0} 生成的样例。</translation>
    </message>
    <message>
        <source>Stopped. What {0} has made until now stays.</source>
        <translation>已停止。{0} 到目前为止生成的内容会保留。</translation>
    </message>
    <message>
        <source>Verifying {0}…</source>
        <translation>正在校验 {0}…</translation>
    </message>
    <message>
        <source>{0} is as it should be.</source>
        <translation>{0} 完好无误。</translation>
    </message>
    <message>
        <source>Remove a model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Remove {0} from this computer?</source>
        <translation>从这台电脑移除 {0} 吗？</translation>
    </message>
    <message>
        <source>It can be imported again from its file.</source>
        <translation>以后可以从它的文件重新导入。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>{0} was removed.</source>
        <translation>已移除 {0}。</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>{0} is restored.</source>
        <translation>{0} 已修复。</translation>
    </message>
    <message>
        <source>The picture</source>
        <translation>图片</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) restored.</source>
        <translation>
            <numerusform>已修复 %n 张照片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Restorer has finished</source>
        <translation>Restorer 已完成</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be restored.</source>
        <translation>
            <numerusform>有 %n 张照片未能修复。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) made.</source>
        <translation>
            <numerusform>生成了 %n 张图片。</numerusform>
        </translation>
    </message>
    <message>
        <source>Restorer could not finish</source>
        <translation>Restorer 未能完成</translation>
    </message>
</context>
<context>
    <name>Opener</name>
    <message>
        <source>{0} is an address, and Restorer opens no connection. Save the picture, then open its file.</source>
        <translation>{0} 是网址，而 Restorer 不会联网。请先保存这张图片，再打开保存的文件。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) cannot be read: {0}.</source>
        <translation>
            <numerusform>有 %n 张照片无法读取：{0}。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more folder(s) cannot be looked into either.</source>
        <translation>
            <numerusform>另有 %n 个文件夹也无法查看。</numerusform>
        </translation>
    </message>
    <message>
        <source>There are no photos in {0}.</source>
        <translation>{0} 中没有照片。</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) opened.</source>
        <translation>
            <numerusform>已打开 %n 张照片。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PackWorker</name>
    <message>
        <source>{0} cannot be imported</source>
        <translation>无法导入 {0}</translation>
    </message>
    <message>
        <source>{0} cannot be verified</source>
        <translation>无法校验 {0}</translation>
    </message>
    <message>
        <source>{0} made no samples</source>
        <translation>{0} 没有生成样例</translation>
    </message>
    <message>
        <source>{0} because of an error inside Restorer; the details are in the log.</source>
        <translation>{0}：Restorer 内部出错；详情见日志。</translation>
    </message>
</context>
<context>
    <name>Parts</name>
    <message>
        <source>Part</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Parts of Restorer</source>
        <translation>Restorer 的组件</translation>
    </message>
    <message>
        <source>Choose a part to read its licence.</source>
        <translation>选择一个组件，即可阅读其许可证。</translation>
    </message>
    <message>
        <source>The licence of the part that is chosen above.</source>
        <translation>上面所选组件的许可证。</translation>
    </message>
    <message>
        <source>Licence of {0}</source>
        <translation>{0} 的许可证</translation>
    </message>
</context>
<context>
    <name>PhotoController</name>
    <message>
        <source>{0} has {1} pages; this is the first. “Restore folders” restores all of them.</source>
        <translation>{0} 有 {1} 页，这里打开的是第一页；用“文件 &gt; 修复文件夹中的照片”可修复全部页面。</translation>
    </message>
</context>
<context>
    <name>PhotoListActions</name>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a f&amp;older…</source>
        <translation>打开文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a sa&amp;mple</source>
        <translation>打开示例照片(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Save &amp;all results…</source>
        <translation>保存全部结果(&amp;A)…</translation>
    </message>
    <message>
        <source>Close p&amp;hoto</source>
        <translation>关闭照片(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Close all photos</source>
        <translation>关闭所有照片(&amp;C)</translation>
    </message>
    <message>
        <source>Restore &amp;all photos</source>
        <translation>修复所有照片(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Try failed photos again</source>
        <translation>重试失败的照片(&amp;T)</translation>
    </message>
    <message>
        <source>St&amp;op all</source>
        <translation>全部停止(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Previous photo</source>
        <translation>上一张照片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next photo</source>
        <translation>下一张照片(&amp;N)</translation>
    </message>
    <message>
        <source>Move &amp;earlier in the row</source>
        <translation>在列表中前移(&amp;E)</translation>
    </message>
    <message>
        <source>Move &amp;later in the row</source>
        <translation>在列表中后移(&amp;L)</translation>
    </message>
    <message>
        <source>There is no photo on the clipboard.</source>
        <translation>剪贴板上没有照片。</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>不保存就关闭</translation>
    </message>
</context>
<context>
    <name>PhotoListModel</name>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message>
        <source>Pictures are still being made.</source>
        <translation>图片仍在生成中。</translation>
    </message>
    <message>
        <source>{0} is still being restored.</source>
        <translation>{0} 仍在修复中。</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are still to be restored.</source>
        <translation>
            <numerusform>还有 %n 张照片尚未修复完。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message>
        <source>What was kept of {0} is damaged, so its run cannot go on; restore it again.</source>
        <translation>{0} 保存的进度已损坏，无法继续；请重新修复。</translation>
    </message>
</context>
<context>
    <name>RepairBox</name>
    <message>
        <source>Repair scratches and dust</source>
        <translation>去除划痕和灰尘</translation>
    </message>
    <message>
        <source>Paints over scratches, dust, creases and tears; thin lines of the picture may go too.</source>
        <translation>抹去划痕、灰尘、折痕和裂口；画面中的细线也可能随之消失。</translation>
    </message>
</context>
<context>
    <name>RestoreWorkspace</name>
    <message>
        <source>The result could not be put on the clipboard; the log says why.</source>
        <translation>无法把结果放到剪贴板；原因见日志。</translation>
    </message>
    <message>
        <source>The result is on the clipboard.</source>
        <translation>结果已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Stopped. The photo is unchanged.</source>
        <translation>已停止。照片没有改动。</translation>
    </message>
    <message>
        <source>Opening {0}…</source>
        <translation>正在打开 {0}…</translation>
    </message>
    <message>
        <source>{0} cannot be opened.</source>
        <translation>无法打开 {0}。</translation>
    </message>
    <message>
        <source>{0}[*]</source>
        <translation>{0}[*]</translation>
    </message>
    <message>
        <source>A setting has changed since this region was made. Draw it again (R).</source>
        <translation>这个区域生成之后设置有了改动。请重新画一次（R）。</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
</context>
<context>
    <name>ResultCache</name>
    <message>
        <source>Earlier results stay in memory, because they cannot be put into {0}: {1}.</source>
        <translation>较早的结果无法存放到 {0}，因此保留在内存中：{1}。</translation>
    </message>
</context>
<context>
    <name>ResultLoader</name>
    <message>
        <source>picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Save the earlier result of {0} first? It is in the photo&apos;s history: {1}.</source>
        <translation>要先保存 {0} 的较早结果吗？它在这张照片的历史中：{1}。</translation>
    </message>
    <message>
        <source>its first step</source>
        <translation>第一步</translation>
    </message>
    <message>
        <source>Save the restored {0} first?</source>
        <translation>要先保存修复后的 {0} 吗？</translation>
    </message>
    <message numerus="yes">
        <source>%n more result(s) in the history of this photo are not saved.</source>
        <translation>
            <numerusform>这张照片的历史中还有 %n 个结果没有保存。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the result with all answers as JSON, or as a table (CSV).</source>
        <translation>将结果连同全部回答保存为 JSON 或表格（CSV）。</translation>
    </message>
    <message>
        <source>Another study</source>
        <translation>再做一次测试</translation>
    </message>
    <message>
        <source>Go back to the choice of pictures.</source>
        <translation>回到图片的选择。</translation>
    </message>
    <message>
        <source>Confusion rate {0} %</source>
        <translation>误认率 {0} %</translation>
    </message>
    <message>
        <source>In {0} of {1} trials the picture of the model {2} was taken for the camera&apos;s. With 95 % certainty the rate lies between {3} % and {4} %.</source>
        <translation>在 {1} 次测试中，有 {0} 次把模型 {2} 的图片当成了相机拍摄的。误认率的 95 % 置信区间为 {3} % 到 {4} %。</translation>
    </message>
    <message>
        <source>At 50 % nobody can tell them apart; at 0 % everybody can. In the paper of SR3 faces came close to 50 % and photos to 40 %.</source>
        <translation>50 % 表示没有人能分辨；0 % 表示人人都能分辨。在 SR3 论文中，人脸接近 50 %，照片接近 40 %。</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>&amp;Restore</source>
        <translation>修复(&amp;R)</translation>
    </message>
    <message>
        <source>Pa&amp;use or go on</source>
        <translation>暂停或继续(&amp;U)</translation>
    </message>
    <message>
        <source>Stop here and &amp;keep</source>
        <translation>就此停止并保留(&amp;K)</translation>
    </message>
    <message>
        <source>Try a re&amp;gion…</source>
        <translation>试修一个区域(&amp;G)…</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Bring back what was open, and go on with what was interrupted.</source>
        <translation>恢复上次打开的内容，并继续中断的处理。</translation>
    </message>
    <message>
        <source>Throw away what was kept of the last time.</source>
        <translation>丢弃上次留下的内容。</translation>
    </message>
    <message>
        <source>Go on with this run (Esc).</source>
        <translation>继续本次处理（Esc）。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>End this run without a result; the photo stays as it was.</source>
        <translation>结束本次处理，不保留结果；照片保持原样。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>End this run; the picture you see is the result.</source>
        <translation>结束本次处理，以当前看到的画面作为结果。</translation>
    </message>
    <message>
        <source>Try a region</source>
        <translation>试修一个区域</translation>
    </message>
    <message>
        <source>See what the full run gives in a rectangle (R).</source>
        <translation>看看完整修复在一个矩形内的效果（R）。</translation>
    </message>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>After, with earlier settings</source>
        <translation>修复后（旧设置）</translation>
    </message>
    <message>
        <source>A folder is being restored. Pause it in its window, then draw the region again.</source>
        <translation>正在修复一个文件夹中的照片。请先在其窗口中暂停，再重新画出区域。</translation>
    </message>
    <message>
        <source>Another photo is being restored. Draw the region again when it is done, or cancel it.</source>
        <translation>另一张照片正在修复。请等它完成，或取消它，然后重新画出区域。</translation>
    </message>
</context>
<context>
    <name>RunButtons</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop here and keep</source>
        <translation>就此停止并保留</translation>
    </message>
    <message>
        <source>End the run now; the picture you see is the result (Ctrl+E).</source>
        <translation>立即结束；您看到的画面就是结果（Ctrl+E）。</translation>
    </message>
</context>
<context>
    <name>RunQuestion</name>
    <message>
        <source>A run is not finished</source>
        <translation>处理尚未完成</translation>
    </message>
    <message>
        <source>What is done so far can be kept. At the next start Restorer offers to go on from there.</source>
        <translation>可以保留目前的进度，下次启动时 Restorer 会询问是否从这里继续。</translation>
    </message>
    <message>
        <source>Keep and continue next time</source>
        <translation>保留，下次继续</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>SaveController</name>
    <message>
        <source>{0} is the original photo. Choose another name.</source>
        <translation>{0} 是原照片，请换一个文件名。</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>已保存为 {0}。</translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation>保存结果的文件夹</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>保存图片的文件夹</translation>
    </message>
    <message>
        <source>Saving {0}…</source>
        <translation>正在保存 {0}…</translation>
    </message>
    <message>
        <source>Saving {0}, {1} of {2}…</source>
        <translation>正在保存 {0}，第 {1} 个，共 {2} 个…</translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) saved in {0}.</source>
        <translation>
            <numerusform>已在 {0} 中保存 %n 张图片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result(s) saved in {0}.</source>
        <translation>
            <numerusform>%n 个结果已保存到 {0}。</numerusform>
        </translation>
    </message>
    <message>
        <source>Not saved: {0}.</source>
        <translation>未保存：{0}。</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} 以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>The window closes as soon as everything is saved.</source>
        <translation>全部保存完成后，窗口会自动关闭。</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>不保存就关闭</translation>
    </message>
    <message numerus="yes">
        <source>Save %n unsaved result(s) first?</source>
        <translation>
            <numerusform>先保存这 %n 个尚未保存的结果吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Save all…</source>
        <translation>全部保存…</translation>
    </message>
    <message>
        <source>These lie in no file yet: {0}.</source>
        <translation>尚未存为文件：{0}。</translation>
    </message>
    <message numerus="yes">
        <source>Save %n kept picture(s) first?</source>
        <translation>
            <numerusform>先保存 %n 张保留的图片吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>What was not saved comes back only with the same model, class and version number.</source>
        <translation>没有保存的图片，只有用同样的模型、类别和版本号才能再次生成。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>自动选择最佳</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where photos are restored. A graphics card is many times faster than the processor.</source>
        <translation>用什么来修复照片。显卡比处理器快许多倍。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>处理器线程数</translation>
    </message>
    <message>
        <source>Fewer threads leave more of the processor to other programs.</source>
        <translation>线程越少，留给其他程序的处理能力越多。</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>Show the picture in the making</source>
        <translation>显示修复过程中的画面</translation>
    </message>
    <message>
        <source>Switched off, the run is a little quicker and needs less memory.</source>
        <translation>关闭后修复稍快，占用内存更少。</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Threads</source>
        <translation>线程(&amp;T)</translation>
    </message>
    <message>
        <source>Side of a piece</source>
        <translation>分块边长</translation>
    </message>
    <message>
        <source>A photo is worked on piece by piece. Smaller ones need less memory and take longer.</source>
        <translation>照片是分块处理的。分块越小，占用内存越少，用时越长。</translation>
    </message>
    <message>
        <source>&amp;Pieces</source>
        <translation>分块(&amp;P)</translation>
    </message>
    <message>
        <source>Look and language</source>
        <translation>外观和语言</translation>
    </message>
    <message>
        <source>Like the system</source>
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
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark surroundings.</source>
        <translation>浅色或深色界面。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation>立即生效。</translation>
    </message>
    <message>
        <source>Tell me when a long run has ended</source>
        <translation>长时间修复结束时通知我</translation>
    </message>
    <message>
        <source>A message of the system, if another window is in front by then.</source>
        <translation>届时如果别的窗口在前面，就发出系统通知。</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>The kind of file a result becomes.</source>
        <translation>结果保存成哪种文件。</translation>
    </message>
    <message>
        <source>Quality of JPEG and WebP</source>
        <translation>JPEG 和 WebP 的质量</translation>
    </message>
    <message>
        <source>Higher is better and larger; 95 is hard to tell from the original.</source>
        <translation>数值越高，画质越好，文件越大；95 已很难与原图区分。</translation>
    </message>
    <message>
        <source>16 bits a sample in PNG and TIFF</source>
        <translation>PNG 和 TIFF 每样本 16 位</translation>
    </message>
    <message>
        <source>Finer steps for further work in another program; files get larger.</source>
        <translation>色阶更细，便于在其他程序中继续处理，文件也更大。</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>What of the photo&apos;s metadata is kept. That it was reconstructed is always noted.</source>
        <translation>保留照片的哪些元数据。总会注明照片经过重建。</translation>
    </message>
    <message>
        <source>&amp;Format</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quality</source>
        <translation>质量(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>When it was saved</source>
        <translation>保存的时间</translation>
    </message>
    <message>
        <source>As the photo&apos;s file has it</source>
        <translation>与原照片文件相同</translation>
    </message>
    <message>
        <source>Date of the file</source>
        <translation>文件日期</translation>
    </message>
    <message>
        <source>Programs that sort by date show a result beside its photo if it has the same.</source>
        <translation>日期相同时，按日期排序的程序会把结果与原照片排在一起。</translation>
    </message>
    <message>
        <source>&amp;Metadata</source>
        <translation>元数据(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Date of the file</source>
        <translation>文件日期(&amp;D)</translation>
    </message>
    <message>
        <source>Name of the file: {0}</source>
        <translation>文件名：{0}</translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Can people tell the model&apos;s pictures from a camera&apos;s?</source>
        <translation>人们能分辨模型的图片和相机拍摄的图片吗？</translation>
    </message>
    <message>
        <source>Two pictures stand side by side for 3 seconds: a photo, and what the model makes of a small copy of it. Say which one is from a camera. There are up to {0} trials, and you can stop at any time. Choose a folder of sharp photos that no program has enlarged.</source>
        <translation>两张图片并排显示 3 秒：一张是照片，另一张是模型根据它的缩小图生成的。请指出哪一张是相机拍摄的。最多 {0} 次，可随时停止。请选择一个文件夹，里面应是清晰且未经软件放大的照片。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>The photos in it and below it are the originals. They are only read.</source>
        <translation>其中及其子文件夹中的照片作为原片，只会被读取。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>The middle of each photo.</source>
        <translation>每张照片的中间部分。</translation>
    </message>
    <message>
        <source>The largest face of each photo, turned upright.</source>
        <translation>每张照片中最大的人脸，转正后显示。</translation>
    </message>
    <message>
        <source>No model for faces is installed. The Models window imports one (File &gt; Models).</source>
        <translation>尚未安装人脸模型。可在“模型”窗口中导入（文件 &gt; 模型）。</translation>
    </message>
    <message>
        <source>Show the small copy between them</source>
        <translation>在两者之间显示缩小图</translation>
    </message>
    <message>
        <source>The low-resolution picture that the model was given: then it also has to be true to it.</source>
        <translation>即模型得到的低分辨率图片：这样还能看出结果是否忠于它。</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Make the pictures and show the first pair as soon as it is there.</source>
        <translation>生成图片，第一对一准备好就显示。</translation>
    </message>
    <message>
        <source>No folder is chosen.</source>
        <translation>尚未选择文件夹。</translation>
    </message>
</context>
<context>
    <name>SharedActions</name>
    <message>
        <source>&amp;Save the result…</source>
        <translation>保存结果(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy the result</source>
        <translation>复制结果(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Another &amp;version</source>
        <translation>换一个版本(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Save the edited photo…</source>
        <translation>保存编辑后的照片(&amp;S)…</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Progress of the restoration</source>
        <translation>修复进度</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Smaller (−).</source>
        <translation>缩小（−）。</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Larger (+).</source>
        <translation>放大（+）。</translation>
    </message>
    <message>
        <source>Fit to window</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Show the whole picture (Ctrl+0).</source>
        <translation>显示整个画面（Ctrl+0）。</translation>
    </message>
    <message>
        <source>True pixels</source>
        <translation>实际像素</translation>
    </message>
    <message>
        <source>Show true pixels, 100 % (Ctrl+1).</source>
        <translation>按实际像素显示，100%（Ctrl+1）。</translation>
    </message>
</context>
<context>
    <name>StudyWindow</name>
    <message>
        <source>Study</source>
        <translation>辨别测试</translation>
    </message>
    <message>
        <source>Choose a folder of originals</source>
        <translation>选择存放原片的文件夹</translation>
    </message>
    <message>
        <source>None of these photos can be used. The first one: {0}</source>
        <translation>这些照片都不能使用。第一个原因：{0}</translation>
    </message>
    <message>
        <source>Save the result of the study</source>
        <translation>保存测试结果</translation>
    </message>
    <message>
        <source>Result (*.json)</source>
        <translation>结果 (*.json)</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}). Choose another place.</source>
        <translation>无法写入 {0}（{1}）。请选择其他位置。</translation>
    </message>
    <message>
        <source>Saved as {0}.</source>
        <translation>已保存为 {0}。</translation>
    </message>
    <message>
        <source>The answers of this study are in no file.</source>
        <translation>这次测试的回答还没有保存到文件。</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Do not save</source>
        <translation>不保存</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文本</translation>
    </message>
    <message>
        <source>Put the text on the clipboard.</source>
        <translation>把文本复制到剪贴板。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Esc).</source>
        <translation>关闭（Esc）。</translation>
    </message>
</context>
<context>
    <name>ToneTool</name>
    <message>
        <source>Change the photo like this (Enter).</source>
        <translation>按此更改照片（Enter）。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>色温</translation>
    </message>
    <message>
        <source>To the left bluer, to the right warmer.</source>
        <translation>向左偏蓝，向右偏暖。</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>色调</translation>
    </message>
    <message>
        <source>To the left greener, to the right more magenta.</source>
        <translation>向左偏绿，向右偏品红。</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Of the middle tones; black and white stay.</source>
        <translation>调整中间调，黑与白不变。</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>&amp;Pick a neutral point</source>
        <translation>选取中性点(&amp;P)</translation>
    </message>
    <message>
        <source>Pick a neutral point</source>
        <translation>选取中性点</translation>
    </message>
    <message>
        <source>Then click on something in the photo that was grey or white.</source>
        <translation>然后点击照片中原本是灰色或白色的地方。</translation>
    </message>
    <message>
        <source>&amp;Temperature</source>
        <translation>色温(&amp;T)</translation>
    </message>
    <message>
        <source>T&amp;int</source>
        <translation>色调(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Brightness</source>
        <translation>亮度(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Contrast</source>
        <translation>对比度(&amp;C)</translation>
    </message>
</context>
<context>
    <name>TrialPage</name>
    <message>
        <source>Which picture is from a camera?</source>
        <translation>哪一张是相机拍摄的？</translation>
    </message>
    <message>
        <source>The two pictures</source>
        <translation>两张图片</translation>
    </message>
    <message>
        <source>Trials that are answered</source>
        <translation>已回答的次数</translation>
    </message>
    <message>
        <source>◀ Left</source>
        <translation>◀ 左</translation>
    </message>
    <message>
        <source>The picture on the left is from a camera (←).</source>
        <translation>左边的图片是相机拍摄的（←）。</translation>
    </message>
    <message>
        <source>Right ▶</source>
        <translation>右 ▶</translation>
    </message>
    <message>
        <source>The picture on the right is from a camera (→).</source>
        <translation>右边的图片是相机拍摄的（→）。</translation>
    </message>
    <message>
        <source>Stop here</source>
        <translation>到此为止</translation>
    </message>
    <message>
        <source>End the study; what is answered so far is kept (Esc).</source>
        <translation>结束测试，已给出的回答会保留（Esc）。</translation>
    </message>
    <message>
        <source>Trial {0} of {1}</source>
        <translation>第 {0} 次，共 {1} 次</translation>
    </message>
    <message>
        <source>Making the pictures of trial {0} of {1}…</source>
        <translation>正在生成第 {0} 次（共 {1} 次）的图片…</translation>
    </message>
</context>
<context>
    <name>VariationCard</name>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Show where they disagree</source>
        <translation>显示差异之处</translation>
    </message>
    <message>
        <source>Colours what differs from one version to the next: there the detail is invented (I).</source>
        <translation>给各版本间的不同之处着色：那里的细节是推想出来的（I）。</translation>
    </message>
    <message>
        <source>Take version {0}. Its number is {1}.</source>
        <translation>采用版本 {0}，其版本号为 {1}。</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>All versions</source>
        <translation>所有版本</translation>
    </message>
    <message>
        <source>Compare the chosen version with the photo.</source>
        <translation>把选中的版本与照片比较。</translation>
    </message>
    <message>
        <source>Show all versions side by side.</source>
        <translation>并排显示所有版本。</translation>
    </message>
    <message>
        <source>Compare this one</source>
        <translation>比较这一个</translation>
    </message>
</context>
<context>
    <name>VersionButton</name>
    <message>
        <source>Version {0}</source>
        <translation>版本 {0}</translation>
    </message>
    <message>
        <source>Take this version (number {0}).</source>
        <translation>采用这个版本（版本号 {0}）。</translation>
    </message>
</context>
<context>
    <name>VersionDialog</name>
    <message>
        <source>Face {0}</source>
        <translation>人脸 {0}</translation>
    </message>
    <message>
        <source>Which one is it?</source>
        <translation>哪一张才是本人？</translation>
    </message>
    <message>
        <source>Three more</source>
        <translation>再来三个</translation>
    </message>
    <message>
        <source>On the left is the photo. Each version beside it fits the photo. Pick the one that you know. If it is none of them, ask for three more, or leave this face.</source>
        <translation>最左边是照片，旁边的每个版本都与照片相符。请选出您认得的那一张。如果都不是，可再生成三个，或者不修复这张脸。</translation>
    </message>
    <message>
        <source>Make three more versions.</source>
        <translation>再生成三个版本。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this window; what was picked stays (Esc).</source>
        <translation>关闭此窗口，所做选择会保留（Esc）。</translation>
    </message>
    <message>
        <source>Making them…</source>
        <translation>正在生成…</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Drop an old photo here</source>
        <translation>把老照片拖到这里</translation>
    </message>
    <message>
        <source>or paste one with Ctrl+V. It never leaves this computer.</source>
        <translation>也可以按 Ctrl+V 粘贴。照片不会离开这台电脑。</translation>
    </message>
    <message>
        <source>The models are for research and private use, not for business.</source>
        <translation>模型仅供研究和个人使用，不得用于商业用途。</translation>
    </message>
    <message>
        <source>Some of the pictures that they learned from allow no more; Help &gt; About has the licences.</source>
        <translation>训练所用的部分图片只允许这样使用；许可证见“帮助 &gt; 关于”。</translation>
    </message>
    <message>
        <source>Open a photo…</source>
        <translation>打开照片…</translation>
    </message>
    <message>
        <source>Open a photo</source>
        <translation>打开照片</translation>
    </message>
    <message>
        <source>Choose one or more photos (Ctrl+O).</source>
        <translation>选择一张或多张照片（Ctrl+O）。</translation>
    </message>
    <message>
        <source>Try a sample</source>
        <translation>试试示例照片</translation>
    </message>
    <message>
        <source>Try a sample photo</source>
        <translation>试试示例照片</translation>
    </message>
    <message>
        <source>Open an old photo that comes with Restorer.</source>
        <translation>打开 Restorer 自带的老照片。</translation>
    </message>
    <message>
        <source>Put Restorer into the applications menu</source>
        <translation>把 Restorer 放进应用程序菜单</translation>
    </message>
    <message>
        <source>Afterwards it starts like any other app. Help has this, too.</source>
        <translation>之后可以像其他应用一样启动。“帮助”菜单里也有此项。</translation>
    </message>
    <message>
        <source>Do not offer this again</source>
        <translation>不再提示</translation>
    </message>
    <message>
        <source>Do not offer this again.</source>
        <translation>不再提示。</translation>
    </message>
</context>
<context>
    <name>Workspaces</name>
    <message>
        <source>Restore</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Bring old photos back (Alt+1).</source>
        <translation>修复老照片（Alt+1）。</translation>
    </message>
    <message>
        <source>Make pictures of a class (Alt+2).</source>
        <translation>按类别生成图片（Alt+2）。</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>要做什么</translation>
    </message>
</context>
</TS>
