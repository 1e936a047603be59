// Running an image: a script goes to the interpreter, a kernel is handed the machine, and a PXE
// boot program has it until it returns.
#pragma once

#include <optional>
#include <string>

#include "src/base/result.h"
#include "src/image/image.h"
#include "src/script/command.h"
#include "src/uri/uri.h"

namespace hawser {

class Interface;

/// Runs `image`, which is off the list meanwhile and back at its end afterwards (dropped when it is
/// AUTOFREE). Relative URIs are seen from the image's own URI meanwhile. When a script asks for
/// another image in its place, that one runs, and the script is dropped.
/// Returns when a script or boot program has ended, or with the reason why a kernel could not be
/// started: Format (neither script nor kernel), Access (check_trusted), what ImageFormat::load and
/// Platform::check report.
Status execute(Context& context, Image& image);

/// Code for a PC BIOS to run with a PXE API of ours beneath it.
struct PxeProgram {
  Bytes program;
  std::optional<uint8_t> drive = {};  ///< the program is the boot sector of this disk
  std::optional<Uri> uri = {};        ///< where it is from
  std::string command_line = {};
};
struct ProgramEnd {
  uint16_t status = 0;                 ///< AX, of a program that returned
  std::optional<std::string> command;  ///< a line of a script that it asked for in its place
};
/// Runs the program until it returns, if it does. Errors: those of pxe_interface() and
/// Platform::run_nbp.
Result<ProgramEnd> run_with_pxe(Context& context, const PxeProgram& program);

/// The setting by which startpxe names the interface of the PXE API; unset without one.
inline constexpr std::string_view kPxeSetting = "pxe-api";
/// The interface that programs use: the one that startpxe named, else the last opened. It is open.
/// Errors: NotFound (there is none), as Interface::open.
Result<Interface*> pxe_interface(Context& context);

/// Errors: Format, unless the image is a script, a kernel or, on a PC BIOS, what may be a PXE boot
/// program; the text tells what it looks like.
Status check_bootable(Context& context, const Image& image);

/// Errors: Access, when images have to be TRUSTED and this one is not.
Status check_trusted(Context& context, const Image& image);

}  // namespace hawser
