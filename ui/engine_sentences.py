"""What the engine says, in the words of its source; made by tools/engine_sentences.py.

`ui.engine_words` looks for the sentence behind a finished one here.
"""

from ui.language import tr as _tr


def engine_sentences() -> tuple[tuple[str, str], ...]:
    """Each sentence, and the same in the language spoken; values are {0}, {1} and so on."""
    # fmt: off
    return (
        ('A picture is not usable, so none was kept. Try --device cpu.', _tr('A picture is not usable, so none was kept. Try --device cpu.')),  # noqa: E501
        ('A region needs a place in the photo and at least one pixel, not {0}.', _tr('A region needs a place in the photo and at least one pixel, not {0}.')),  # noqa: E501
        ('A tile must be at least 64 pixels wide, not {0}.', _tr('A tile must be at least 64 pixels wide, not {0}.')),  # noqa: E501
        ('A {0} file cannot hold 16 bits; choose png or tif, or 8 bits.', _tr('A {0} file cannot hold 16 bits; choose png or tif, or 8 bits.')),  # noqa: E501
        ('Fidelity must be between 0 and 1, not {0}.', _tr('Fidelity must be between 0 and 1, not {0}.')),
        ('Files of type {0} cannot be read; choose among {1}.', _tr('Files of type {0} cannot be read; choose among {1}.')),  # noqa: E501
        ('Memory ran out; fewer pictures are made at once from here on.', _tr('Memory ran out; fewer pictures are made at once from here on.')),  # noqa: E501
        ('No installed model enlarges {0}x; available are {1}.', _tr('No installed model enlarges {0}x; available are {1}.')),  # noqa: E501
        ('No installed model makes pictures of classes; import one, see: restorer models import --help', _tr('No installed model makes pictures of classes; import one, see: restorer models import --help')),  # noqa: E501
        ('No model for photos enlarges {0}x, but the model {1} does: choose it by name.', _tr('No model for photos enlarges {0}x, but the model {1} does: choose it by name.')),  # noqa: E501
        ('No photo has at least {0} and at most {1} pixels; change one.', _tr('No photo has at least {0} and at most {1} pixels; change one.')),  # noqa: E501
        ('No samples can be written into {0}: {1}.', _tr('No samples can be written into {0}: {1}.')),
        ('Nothing called {0} can be assumed; possible are {1}.', _tr('Nothing called {0} can be assumed; possible are {1}.')),  # noqa: E501
        ('PowerShell could not change the shortcuts: {0}.', _tr('PowerShell could not change the shortcuts: {0}.')),  # noqa: E501
        ('PowerShell, which makes the shortcuts, could not be run: {0}.', _tr('PowerShell, which makes the shortcuts, could not be run: {0}.')),  # noqa: E501
        ('Restorer does not know how programs are started on {0}.', _tr('Restorer does not know how programs are started on {0}.')),  # noqa: E501
        ('Say num_heads or num_head_channels, not both.', _tr('Say num_heads or num_head_channels, not both.')),  # noqa: E501
        ('The folder {0} cannot be made ({1}). Choose another place.', _tr('The folder {0} cannot be made ({1}). Choose another place.')),  # noqa: E501
        ('The folder {0} cannot be used ({1}); choose another place.', _tr('The folder {0} cannot be used ({1}); choose another place.')),  # noqa: E501
        ('The folder {0} cannot be written to ({1}); choose another place.', _tr('The folder {0} cannot be written to ({1}); choose another place.')),  # noqa: E501
        ('The folder {0} does not exist; make it first or choose another place.', _tr('The folder {0} does not exist; make it first or choose another place.')),  # noqa: E501
        ('The folder {0} is no longer there. Connect its disk again, then retry.', _tr('The folder {0} is no longer there. Connect its disk again, then retry.')),  # noqa: E501
        ('The journal folder {0} cannot be written to ({1}); make room or change its permissions.', _tr('The journal folder {0} cannot be written to ({1}); make room or change its permissions.')),  # noqa: E501
        ('The journal {0} cannot be used ({1}); {2}.', _tr('The journal {0} cannot be used ({1}); {2}.')),
        ("The journal {0} is a newer Restorer's; update the app, or move it away.", _tr("The journal {0} is a newer Restorer's; update the app, or move it away.")),  # noqa: E501
        ('The model pack {0} asks for an unknown sampler {1}; update the app or the pack.', _tr('The model pack {0} asks for an unknown sampler {1}; update the app or the pack.')),  # noqa: E501
        ('The model pack {0} has format {1}, this version of Restorer reads format {2}; update the app or the pack.', _tr('The model pack {0} has format {1}, this version of Restorer reads format {2}; update the app or the pack.')),  # noqa: E501
        ('The model pack {0} has no preset {1}; choose another preset or pack.', _tr('The model pack {0} has no preset {1}; choose another preset or pack.')),  # noqa: E501
        ('The model pack {0} has no {1}; install it again.', _tr('The model pack {0} has no {1}; install it again.')),  # noqa: E501
        ('The model pack {0} is of a kind {1} that this version of Restorer does not know; update the app or remove the pack.', _tr('The model pack {0} is of a kind {1} that this version of Restorer does not know; update the app or remove the pack.')),  # noqa: E501
        ('The model {0} comes with Restorer and cannot be removed.', _tr('The model {0} comes with Restorer and cannot be removed.')),  # noqa: E501
        ('The model {0} does not fit {1}, which it should follow; install both again.', _tr('The model {0} does not fit {1}, which it should follow; install both again.')),  # noqa: E501
        ('The model {0} enlarges {1}, not {2}x; choose scale {3}.', _tr('The model {0} enlarges {1}, not {2}x; choose scale {3}.')),  # noqa: E501
        ('The model {0} is none that enlarges pictures by class; choose another.', _tr('The model {0} is none that enlarges pictures by class; choose another.')),  # noqa: E501
        ('The model {0} is none that invents pictures by class; choose another.', _tr('The model {0} is none that invents pictures by class; choose another.')),  # noqa: E501
        ('The model {0} knows no classes; leave the class out or choose another.', _tr('The model {0} knows no classes; leave the class out or choose another.')),  # noqa: E501
        ('The model {0} knows {1} classes, and no {2}.', _tr('The model {0} knows {1} classes, and no {2}.')),
        ('The model {0} knows {1} classes, and none of number {2}; leave the class out or choose another model.', _tr('The model {0} knows {1} classes, and none of number {2}; leave the class out or choose another model.')),  # noqa: E501
        ('The model {0} looks at the whole picture at once, so the full run may look different from this preview.', _tr('The model {0} looks at the whole picture at once, so the full run may look different from this preview.')),  # noqa: E501
        ('The model {0} looks at the whole picture; this one is cut into {1} tiles to fit in memory, and comes out different from an uncut one. Larger tiles make the difference smaller.', _tr('The model {0} looks at the whole picture; this one is cut into {1} tiles to fit in memory, and comes out different from an uncut one. Larger tiles make the difference smaller.')),  # noqa: E501
        ('The model {0} makes pictures of nothing and enlarges no photos; choose another.', _tr('The model {0} makes pictures of nothing and enlarges no photos; choose another.')),  # noqa: E501
        ('The model {0} makes pictures of {1} pixels, not of {2}; choose one of these.', _tr('The model {0} makes pictures of {1} pixels, not of {2}; choose one of these.')),  # noqa: E501
        ('The model {0} only follows another one, so it has no samples of its own.', _tr('The model {0} only follows another one, so it has no samples of its own.')),  # noqa: E501
        ('The model {0} was not trained to mend damage enough; choose another.', _tr('The model {0} was not trained to mend damage enough; choose another.')),  # noqa: E501
        ('The naming template {0} has {1}; use {2}.', _tr('The naming template {0} has {1}; use {2}.')),
        ('The naming template {0} names a folder; sub-folders are mirrored by themselves.', _tr('The naming template {0} names a folder; sub-folders are mirrored by themselves.')),  # noqa: E501
        ("The naming template {0} needs {{name}}, the photo's own name.", _tr("The naming template {0} needs {{name}}, the photo's own name.")),  # noqa: E501
        ('The network described in the {0} of the pack {1} cannot be built ({2}); {3}.', _tr('The network described in the {0} of the pack {1} cannot be built ({2}); {3}.')),  # noqa: E501
        ('The number of pictures must be between 1 and {0}, not {1}.', _tr('The number of pictures must be between 1 and {0}, not {1}.')),  # noqa: E501
        ('The number of steps must be between 1 and 1000, not {0}.', _tr('The number of steps must be between 1 and 1000, not {0}.')),  # noqa: E501
        ('The pack cannot be written into {0} ({1}); make the folder writable.', _tr('The pack cannot be written into {0} ({1}); make the folder writable.')),  # noqa: E501
        ('The pack cannot be written to {0}: {1}.', _tr('The pack cannot be written to {0}: {1}.')),
        ('The pack needs {0} MiB, and only {1} MiB are free where {2} is; make room there first.', _tr('The pack needs {0} MiB, and only {1} MiB are free where {2} is; make room there first.')),  # noqa: E501
        ('The picture made of {0} is not usable and was not kept', _tr('The picture made of {0} is not usable and was not kept')),  # noqa: E501
        ('The preview side cannot be negative.', _tr('The preview side cannot be negative.')),
        ('The quality must be between 1 and 100, not {0}.', _tr('The quality must be between 1 and 100, not {0}.')),  # noqa: E501
        ('The region {0} is not within {1}, which has {2} x {3} pixels.', _tr('The region {0} is not within {1}, which has {2} x {3} pixels.')),  # noqa: E501
        ('The report {0} cannot be written ({1}); name another place with --report.', _tr('The report {0} cannot be written ({1}); name another place with --report.')),  # noqa: E501
        ('The scale must be at least 1, not {0}.', _tr('The scale must be at least 1, not {0}.')),
        ('The seed must be a whole number from 0 to 2^63 - 1 less the number of pictures, not {0}.', _tr('The seed must be a whole number from 0 to 2^63 - 1 less the number of pictures, not {0}.')),  # noqa: E501
        ('The seed must be a whole number from 0 to 2^63 - 1, not {0}.', _tr('The seed must be a whole number from 0 to 2^63 - 1, not {0}.')),  # noqa: E501
        ('The tensor {0} has numbers too large for half precision; import without --half.', _tr('The tensor {0} has numbers too large for half precision; import without --half.')),  # noqa: E501
        ('The tensor {0} has values that are not numbers; the file is damaged, download it again.', _tr('The tensor {0} has values that are not numbers; the file is damaged, download it again.')),  # noqa: E501
        ('The tensor {0} in {1} holds {2}, not floating-point numbers.', _tr('The tensor {0} in {1} holds {2}, not floating-point numbers.')),  # noqa: E501
        ('The tensor {0} of the pack {1} has shape {2} where its network has {3}; {4}.', _tr('The tensor {0} of the pack {1} has shape {2} where its network has {3}; {4}.')),  # noqa: E501
        ('The tensor {0} of the pack {1} has values that are not numbers; {2}.', _tr('The tensor {0} of the pack {1} has values that are not numbers; {2}.')),  # noqa: E501
        ('The weights of the model pack {0} are damaged or were changed (wrong SHA-256); {1}.', _tr('The weights of the model pack {0} are damaged or were changed (wrong SHA-256); {1}.')),  # noqa: E501
        ('The weights of the model pack {0} are not a safetensors file ({1}); {2}.', _tr('The weights of the model pack {0} are not a safetensors file ({1}); {2}.')),  # noqa: E501
        ('The weights of the pack {0} have a tensor {1} that its network does not know; {2}.', _tr('The weights of the pack {0} have a tensor {1} that its network does not know; {2}.')),  # noqa: E501
        ('The weights of the pack {0} lack the tensor {1}; {2}.', _tr('The weights of the pack {0} lack the tensor {1}; {2}.')),  # noqa: E501
        ('The weights {0} of the model pack {1} cannot be read ({2}); {3}.', _tr('The weights {0} of the model pack {1} cannot be read ({2}); {3}.')),  # noqa: E501
        ('The {0} of the model pack {1} cannot be read ({2}); install the pack again.', _tr('The {0} of the model pack {1} cannot be read ({2}); install the pack again.')),  # noqa: E501
        ('The {0} of the model pack {1} is incomplete or damaged ({2}); install the pack again.', _tr('The {0} of the model pack {1} is incomplete or damaged ({2}); install the pack again.')),  # noqa: E501
        ('There is already a model named {0}; choose another name or remove that one.', _tr('There is already a model named {0}; choose another name or remove that one.')),  # noqa: E501
        ('There is already something at {0}; choose another name.', _tr('There is already something at {0}; choose another name.')),  # noqa: E501
        ('There is no class {0}; say a name such as {1}, or its number.', _tr('There is no class {0}; say a name such as {1}, or its number.')),  # noqa: E501
        ('There is no desktop folder here; make ~/Desktop first, or leave --desktop out.', _tr('There is no desktop folder here; make ~/Desktop first, or leave --desktop out.')),  # noqa: E501
        ('There is no model named {0}; installed are: {1}.', _tr('There is no model named {0}; installed are: {1}.')),  # noqa: E501
        ('There is no model named {0}; see: restorer models list', _tr('There is no model named {0}; see: restorer models list')),  # noqa: E501
        ('There is no sampler {0}; possible are {1}.', _tr('There is no sampler {0}; possible are {1}.')),
        ('There is not enough memory for even the smallest tile of {0} pixels; close other programs and try again.', _tr('There is not enough memory for even the smallest tile of {0} pixels; close other programs and try again.')),  # noqa: E501
        ('This machine has no device {0}; it has {1}. Use --device auto.', _tr('This machine has no device {0}; it has {1}. Use --device auto.')),  # noqa: E501
        ('You have no model named {0}; see: restorer models list', _tr('You have no model named {0}; see: restorer models list')),  # noqa: E501
        ('a GIF', _tr('a GIF')),
        ('a JPEG 2000 picture', _tr('a JPEG 2000 picture')),
        ('a JPEG XL picture', _tr('a JPEG XL picture')),
        ('a PDF document', _tr('a PDF document')),
        ('a Photoshop document', _tr('a Photoshop document')),
        ("a camera's raw file", _tr("a camera's raw file")),
        ('an OpenEXR picture', _tr('an OpenEXR picture')),
        ('install the pack {0} again', _tr('install the pack {0} again')),
        ('the disk of {0} is full. Make room, or choose another', _tr('the disk of {0} is full. Make room, or choose another')),  # noqa: E501
        ('the file grows larger than this disk allows. Choose another disk, or JPEG', _tr('the file grows larger than this disk allows. Choose another disk, or JPEG')),  # noqa: E501
        ('the file or its folder {0} is read-only, or in use. Choose another', _tr('the file or its folder {0} is read-only, or in use. Choose another')),  # noqa: E501
        ('the name is too long. Choose a shorter one', _tr('the name is too long. Choose a shorter one')),
        ('{0} at {1}x would be {2} x {3} pixels and need {4} GiB of memory; {5} GiB are free. Choose a smaller scale or crop the photo.', _tr('{0} at {1}x would be {2} x {3} pixels and need {4} GiB of memory; {5} GiB are free. Choose a smaller scale or crop the photo.')),  # noqa: E501
        ('{0} cannot be opened: {1}. Check its name and its disk.', _tr('{0} cannot be opened: {1}. Check its name and its disk.')),  # noqa: E501
        ('{0} cannot be read ({1}). Check its permissions and its disk.', _tr('{0} cannot be read ({1}). Check its permissions and its disk.')),  # noqa: E501
        ('{0} cannot be read: {1}.', _tr('{0} cannot be read: {1}.')),
        ('{0} cannot be removed: {1}.', _tr('{0} cannot be removed: {1}.')),
        ('{0} cannot be saved with 16 bits: {1} holds 8 a sample. Choose PNG or TIFF.', _tr('{0} cannot be saved with 16 bits: {1} holds 8 a sample. Choose PNG or TIFF.')),  # noqa: E501
        ('{0} cannot be saved with quality {1}. Choose 1 to 100.', _tr('{0} cannot be saved with quality {1}. Choose 1 to 100.')),  # noqa: E501
        ('{0} cannot be saved with {1} bits a sample. Choose 8 or 16.', _tr('{0} cannot be saved with {1} bits a sample. Choose 8 or 16.')),  # noqa: E501
        ('{0} cannot be saved: it is too large for its format. Choose PNG.', _tr('{0} cannot be saved: it is too large for its format. Choose PNG.')),  # noqa: E501
        ('{0} cannot be saved: memory ran out. Close other programs, or choose PNG.', _tr('{0} cannot be saved: memory ran out. Close other programs, or choose PNG.')),  # noqa: E501
        ('{0} cannot be saved: there is no folder {1}. Create it, or choose another.', _tr('{0} cannot be saved: there is no folder {1}. Create it, or choose another.')),  # noqa: E501
        ('{0} cannot be saved: {1} holds at most {2} pixels a side, and this photo would have {3}. Choose PNG or TIFF.', _tr('{0} cannot be saved: {1} holds at most {2} pixels a side, and this photo would have {3}. Choose PNG or TIFF.')),  # noqa: E501
        ('{0} cannot be saved: {1} is no known format. Choose a name that ends in .png, .jpg, .tif, .webp or .bmp.', _tr('{0} cannot be saved: {1} is no known format. Choose a name that ends in .png, .jpg, .tif, .webp or .bmp.')),  # noqa: E501
        ('{0} cannot be saved: {1}.', _tr('{0} cannot be saved: {1}.')),
        ('{0} cannot be saved: {1}. Choose another name or format.', _tr('{0} cannot be saved: {1}. Choose another name or format.')),  # noqa: E501
        ('{0} cannot be the name of a pack; use letters, digits, dots, dashes and underscores, at most 64.', _tr('{0} cannot be the name of a pack; use letters, digits, dots, dashes and underscores, at most 64.')),  # noqa: E501
        ('{0} cannot be written: pictures end in {1}. For a folder of that name write {2}{3}', _tr('{0} cannot be written: pictures end in {1}. For a folder of that name write {2}{3}')),  # noqa: E501
        ('{0} claims {1} numbers of shape {2}, more than the file holds for it; the file is damaged or hostile and was refused.', _tr('{0} claims {1} numbers of shape {2}, more than the file holds for it; the file is damaged or hostile and was refused.')),  # noqa: E501
        ('{0} could be {1}; say the whole name of one class.', _tr('{0} could be {1}; say the whole name of one class.')),  # noqa: E501
        ('{0} could not be deleted: {1}. Delete it by hand.', _tr('{0} could not be deleted: {1}. Delete it by hand.')),  # noqa: E501
        ('{0} could not be made: {1}. {2} is there.', _tr('{0} could not be made: {1}. {2} is there.')),
        ('{0} could not be written: {1}. Make room or allow writing there, then try again.', _tr('{0} could not be written: {1}. Make room or allow writing there, then try again.')),  # noqa: E501
        ('{0} does not exist. Check its name, and that its disk is connected.', _tr('{0} does not exist. Check its name, and that its disk is connected.')),  # noqa: E501
        ('{0} does not fit into memory. Close other programs, or reduce it.', _tr('{0} does not fit into memory. Close other programs, or reduce it.')),  # noqa: E501
        ('{0} exists already and was left as it is. Choose another name.', _tr('{0} exists already and was left as it is. Choose another name.')),  # noqa: E501
        ("{0} has under {1} a {2} where a named tensor belongs; choose a file that holds one network's weights alone.", _tr("{0} has under {1} a {2} where a named tensor belongs; choose a file that holds one network's weights alone.")),  # noqa: E501
        ('{0} holds a {1}, not named tensors; choose another file.', _tr('{0} holds a {1}, not named tensors; choose another file.')),  # noqa: E501
        ('{0} holds floating-point, signed or {1}-bit samples, whose range cannot be told. Save it as a 16-bit TIFF or PNG.', _tr('{0} holds floating-point, signed or {1}-bit samples, whose range cannot be told. Save it as a 16-bit TIFF or PNG.')),  # noqa: E501
        ('{0} holds more than weights and was not opened, because that could run any program ({1}); ask its makers for the weights alone, best as safetensors.', _tr('{0} holds more than weights and was not opened, because that could run any program ({1}); ask its makers for the weights alone, best as safetensors.')),  # noqa: E501
        ('{0} holds no tensors; choose another file.', _tr('{0} holds no tensors; choose another file.')),
        ('{0} holds {1} entries, more than any network here has.', _tr('{0} holds {1} entries, more than any network here has.')),  # noqa: E501
        ('{0} is a HEIC picture, which needs the optional package pillow-heif. Install it with pip install restorer[heic], or save the photo as JPEG first.', _tr('{0} is a HEIC picture, which needs the optional package pillow-heif. Install it with pip install restorer[heic], or save the photo as JPEG first.')),  # noqa: E501
        ('{0} is a TorchScript program, not weights; choose the file that holds the weights alone.', _tr('{0} is a TorchScript program, not weights; choose the file that holds the weights alone.')),  # noqa: E501
        ('{0} is a checkpoint of no kind that Restorer or spandrel knows ({1}).', _tr('{0} is a checkpoint of no kind that Restorer or spandrel knows ({1}).')),  # noqa: E501
        ('{0} is a compressed archive, which no checkpoint of PyTorch is, and was not opened; unpack it if it is a zip file with the checkpoint inside.', _tr('{0} is a compressed archive, which no checkpoint of PyTorch is, and was not opened; unpack it if it is a zip file with the checkpoint inside.')),  # noqa: E501
        ('{0} is a device or pipe, not a photo. Choose a file.', _tr('{0} is a device or pipe, not a photo. Choose a file.')),  # noqa: E501
        ('{0} is a file, so no folder of that name can be used; choose another place.', _tr('{0} is a file, so no folder of that name can be used; choose another place.')),  # noqa: E501
        ('{0} is a folder, not a photo. Choose a file in it.', _tr('{0} is a folder, not a photo. Choose a file in it.')),  # noqa: E501
        ('{0} is a folder, so no photo can be saved under that name. Choose another.', _tr('{0} is a folder, so no photo can be saved under that name. Choose another.')),  # noqa: E501
        ('{0} is a network of kind {1} that does not enlarge colour photos.', _tr('{0} is a network of kind {1} that does not enlarge colour photos.')),  # noqa: E501
        ('{0} is a pickle, which could run any program, or was saved by PyTorch before 1.6; ask its makers for a safetensors file, or save it again with a newer PyTorch where it came from.', _tr('{0} is a pickle, which could run any program, or was saved by PyTorch before 1.6; ask its makers for a safetensors file, or save it again with a newer PyTorch where it came from.')),  # noqa: E501
        ('{0} is a web page, not a checkpoint; the download did not give the file itself.', _tr('{0} is a web page, not a checkpoint; the download did not give the file itself.')),  # noqa: E501
        ('{0} is an HDR picture, whose brightness ordinary files cannot hold. Save it as JPEG or PNG in another program first.', _tr('{0} is an HDR picture, whose brightness ordinary files cannot hold. Save it as JPEG or PNG in another program first.')),  # noqa: E501
        ('{0} is an SR3 network that makes pictures of nothing (its tensor downs.0.weight takes {1} channels, not 6); only networks that enlarge can be imported.', _tr('{0} is an SR3 network that makes pictures of nothing (its tensor downs.0.weight takes {1} channels, not 6); only networks that enlarge can be imported.')),  # noqa: E501
        ("{0} is an archive, but none of PyTorch's; choose the checkpoint itself.", _tr("{0} is an archive, but none of PyTorch's; choose the checkpoint itself.")),  # noqa: E501
        ('{0} is an original, and originals are never replaced.', _tr('{0} is an original, and originals are never replaced.')),  # noqa: E501
        ('{0} is damaged or cut short ({1}); download it again.', _tr('{0} is damaged or cut short ({1}); download it again.')),  # noqa: E501
        ('{0} is damaged, or stored in a way that cannot be decoded. Open it in another program and save it again as PNG.', _tr('{0} is damaged, or stored in a way that cannot be decoded. Open it in another program and save it again as PNG.')),  # noqa: E501
        ('{0} is empty. Copy it again from where it came.', _tr('{0} is empty. Copy it again from where it came.')),  # noqa: E501
        ('{0} is empty; download it again.', _tr('{0} is empty; download it again.')),
        ('{0} is incomplete: the file ends before its picture does. Copy it again from where it came.', _tr('{0} is incomplete: the file ends before its picture does. Copy it again from where it came.')),  # noqa: E501
        ('{0} is neither an SR3 nor an ADM checkpoint (its first tensors are {1}). If it is a single-pass upscaler such as Real-ESRGAN, install what reads them: pip install "restorer[spandrel]"', _tr('{0} is neither an SR3 nor an ADM checkpoint (its first tensors are {1}). If it is a single-pass upscaler such as Real-ESRGAN, install what reads them: pip install "restorer[spandrel]"')),  # noqa: E501
        ('{0} is no checkpoint: neither a PyTorch archive nor safetensors; choose another file.', _tr('{0} is no checkpoint: neither a PyTorch archive nor safetensors; choose another file.')),  # noqa: E501
        ('{0} is no longer there ({1}). Check its name, and that its disk is connected.', _tr('{0} is no longer there ({1}). Check its name, and that its disk is connected.')),  # noqa: E501
        ("{0} is not Restorer's; move it away, then try again.", _tr("{0} is not Restorer's; move it away, then try again.")),  # noqa: E501
        ('{0} is not a plain one; export the network with plain weights.', _tr('{0} is not a plain one; export the network with plain weights.')),  # noqa: E501
        ('{0} is not a {1} file; change its ending or the format.', _tr('{0} is not a {1} file; change its ending or the format.')),  # noqa: E501
        ('{0} is not an image: its content is none of JPEG, PNG, TIFF, WebP and BMP, whatever its name says. Choose another file.', _tr('{0} is not an image: its content is none of JPEG, PNG, TIFF, WebP and BMP, whatever its name says. Choose another file.')),  # noqa: E501
        ('{0} is the DDPM variant of the SR3 code, told a time step in place of the noise level; only the sr3 variant can be imported.', _tr('{0} is the DDPM variant of the SR3 code, told a time step in place of the noise level; only the sr3 variant can be imported.')),  # noqa: E501
        ("{0} is the state of a training run's optimiser, not a network; choose the file beside it that ends in _gen.pth.", _tr("{0} is the state of a training run's optimiser, not a network; choose the file beside it that ends in _gen.pth.")),  # noqa: E501
        ('{0} is too large: {1} x {2} pixels, and photos of up to {3} megapixels can be opened. Reduce it or cut it into parts first.', _tr('{0} is too large: {1} x {2} pixels, and photos of up to {3} megapixels can be opened. Reduce it or cut it into parts first.')),  # noqa: E501
        ('{0} is {1}, which cannot be opened here. JPEG, PNG, TIFF, WebP and BMP can; save it as one of these first.', _tr('{0} is {1}, which cannot be opened here. JPEG, PNG, TIFF, WebP and BMP can; save it as one of these first.')),  # noqa: E501
        ('{0} leaves {1} not open; drop that assumption. It is: {2}.', _tr('{0} leaves {1} not open; drop that assumption. It is: {2}.')),  # noqa: E501
        ('{0} looks like an ADM network, but its tensor input_blocks.0.0.weight takes {1} channels, not 3 or 6.', _tr('{0} looks like an ADM network, but its tensor input_blocks.0.0.weight takes {1} channels, not 3 or 6.')),  # noqa: E501
        ('{0} looks like an ADM network, but its tensor out.2.weight gives {1} channels, not 3 or 6.', _tr('{0} looks like an ADM network, but its tensor out.2.weight gives {1} channels, not 3 or 6.')),  # noqa: E501
        ('{0} looks like an ADM network, but its tensor {1} {2}.', _tr('{0} looks like an ADM network, but its tensor {1} {2}.')),  # noqa: E501
        ('{0} looks like an SR3 network, but has a tensor {1} that such a file has not.', _tr('{0} looks like an SR3 network, but has a tensor {1} that such a file has not.')),  # noqa: E501
        ('{0} looks like an SR3 network, but its tensor betas is no noise schedule (numbers between 0 and 1).', _tr('{0} looks like an SR3 network, but its tensor betas is no noise schedule (numbers between 0 and 1).')),  # noqa: E501
        ('{0} looks like an SR3 network, but its tensor {1} {2}.', _tr('{0} looks like an SR3 network, but its tensor {1} {2}.')),  # noqa: E501
        ('{0} looks like {1}, but has a tensor {2} that such a network does not know.', _tr('{0} looks like {1}, but has a tensor {2} that such a network does not know.')),  # noqa: E501
        ('{0} looks like {1}, but its tensor {2} has shape {3} where the network has {4}.', _tr('{0} looks like {1}, but its tensor {2} has shape {3} where the network has {4}.')),  # noqa: E501
        ('{0} looks like {1}, but lacks the tensor {2}; it is damaged or of another kind.', _tr('{0} looks like {1}, but lacks the tensor {2}; it is damaged or of another kind.')),  # noqa: E501
        ('{0} may not be read. Change its permissions, or copy it elsewhere.', _tr('{0} may not be read. Change its permissions, or copy it elsewhere.')),  # noqa: E501
        ('{0} needs the optional package spandrel, which cannot be loaded ({1}); install it with: pip install "restorer[spandrel]"', _tr('{0} needs the optional package spandrel, which cannot be loaded ({1}); install it with: pip install "restorer[spandrel]"')),  # noqa: E501
        ('{0} ran out of memory even with small tiles; going on with the processor, which is slower.', _tr('{0} ran out of memory even with small tiles; going on with the processor, which is slower.')),  # noqa: E501
        ('{0} ran out of memory; going on with tiles of {1} pixels.', _tr('{0} ran out of memory; going on with tiles of {1} pixels.')),  # noqa: E501
        ('{0} to do: about {1} and {2} (measured on this machine). A night of {3} hours does about {4}.', _tr('{0} to do: about {1} and {2} (measured on this machine). A night of {3} hours does about {4}.')),  # noqa: E501
        ('{0} was changed while it was being restored, so the result was not kept. Retry it once it is finished.', _tr('{0} was changed while it was being restored, so the result was not kept. Retry it once it is finished.')),  # noqa: E501
        ('{0} was not written by Restorer; move it away, then try again.', _tr('{0} was not written by Restorer; move it away, then try again.')),  # noqa: E501
        ('{0}, a part of Restorer, is missing; install Restorer again.', _tr('{0}, a part of Restorer, is missing; install Restorer again.')),  # noqa: E501
        ('{0}. Choose another folder or disk', _tr('{0}. Choose another folder or disk')),
        ('{0}: the network returned a picture of one colour. Try --device cpu.', _tr('{0}: the network returned a picture of one colour. Try --device cpu.')),  # noqa: E501
        ('{0}: the network returned values that are not numbers, so the result was not kept. Try again with float32 precision or on another device.', _tr('{0}: the network returned values that are not numbers, so the result was not kept. Try again with float32 precision or on another device.')),  # noqa: E501
        ('{0}: the network returned values that are not numbers. Try --device cpu.', _tr('{0}: the network returned values that are not numbers. Try --device cpu.')),  # noqa: E501
        ('{0}: {1}; choose other heads.', _tr('{0}: {1}; choose other heads.')),
        ('{0}={1} does not fit this file; possible are {2}.', _tr('{0}={1} does not fit this file; possible are {2}.')),  # noqa: E501
    )
    # fmt: on
