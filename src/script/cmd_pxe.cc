// The PXE API for what comes after us: another disk's boot sector, or the BIOS's next boot device.
#include "src/base/format.h"
#include "src/network.h"
#include "src/platform.h"
#include "src/script/execute.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

/// The API is there as soon as somebody else's code runs; until then nobody could tell.
Status start_pxe(Context& context, Args names) {
  if (!context.platform.program_server())
    return Error{Errc::Unsupported, "no PC BIOS, which the PXE API is for"};
  if (!names.empty() && !context.network.find(names[0]))
    return Error{Errc::NoDevice, cat("\"", names[0], "\": no such network device")};
  TRY(context.settings.set(kPxeSetting, names.empty() ? "netX" : names[0]));
  Interface* interface = TRY(pxe_interface(context));
  return context.settings.set(kPxeSetting, interface->name());
}

Status stop_pxe(Context& context, Args) { return context.settings.clear(kPxeSetting); }

constexpr Command kCommands[] = {
    command<start_pxe>("startpxe", "[<interface>]",
                       "give the disk or boot device that follows a PXE API", 0, 1),
    command<stop_pxe>("stoppxe", "[<interface>]", "take that PXE API away again", 0, 1),
};

}  // namespace

CommandTable pxe_commands() { return kCommands; }

}  // namespace hawser
