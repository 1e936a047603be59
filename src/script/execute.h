// Running an image: a script goes to the interpreter, a kernel is handed the machine, and a PXE boot
// program has it until it returns.
#pragma once

#include "src/base/result.h"
#include "src/image/image.h"
#include "src/script/command.h"

namespace hawser {

/// Runs `image`, which is off the list meanwhile and back at its end afterwards (dropped when it is
/// AUTOFREE). Relative URIs are seen from the image's own URI meanwhile. When a script asks for
/// another image in its place, that one runs, and the script is dropped.
/// Returns when a script or boot program has ended, or with the reason why a kernel could not be started: Format
/// (neither script nor kernel), Access (check_trusted), what ImageFormat::load and Platform::check report.
Status execute(Context& context, Image& image);

/// Errors: Format, unless the image is a script, a kernel or, on a PC BIOS, what may be a PXE boot
/// program; the text tells what it looks like.
Status check_bootable(Context& context, const Image& image);

/// Errors: Access, when images have to be TRUSTED and this one is not.
Status check_trusted(Context& context, const Image& image);

}  // namespace hawser
