// Commands that boot from disks.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/load_plan.h"
#include "src/network.h"
#include "src/platform.h"
#include "src/script/execute.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

struct SanOptions {
  std::optional<int64_t> drive;
  std::string filename, extra, label, uuid;
  bool no_describe = false, keep = false;
};
constexpr Option kSanOptions[] = {
    option<&SanOptions::drive>('d', "drive", "number", "BIOS number of the disk, else 0x80"),
    option<&SanOptions::no_describe>('n', "no-describe", "", "accepted; nothing is described"),
    option<&SanOptions::keep>('k', "keep", "", "accepted; nothing is unhooked"),
    option<&SanOptions::filename>('f', "filename", "name", "only with UEFI"),
    option<&SanOptions::extra>('e', "extra", "name", "only with UEFI"),
    option<&SanOptions::label>('l', "label", "label", "only with UEFI"),
    option<&SanOptions::uuid>('u', "uuid", "uuid", "only with UEFI"),
};

Result<std::vector<uint8_t>> boot_sector(Context& context, uint8_t drive) {
  constexpr size_t kSignatureAt = 510;
  std::vector<uint8_t> sector = TRY(context.platform.read_boot_sector(drive));
  if (read_le<uint16_t>(sector, kSignatureAt) != 0xaa55)
    return Error{Errc::Io, "its first sector is not bootable (no 55 AA at its end)"};
  return sector;
}

/// The sector where a BIOS boots it: at 0000:7C00, with the drive in DL.
Result<LoadPlan> plan_for(Context& context, uint8_t drive) {
  constexpr uint16_t kAt = 0x7c00;
  std::vector<uint8_t> sector = TRY(boot_sector(context, drive));
  LoadPlan plan;
  plan.place(kAt, std::move(sector), "boot sector");
  plan.entry = RealModeEntry{.segment = 0, .sp = kAt, .code_segment = 0, .ip = kAt, .edx = drive};
  return plan;
}

/// After startpxe: what the disk has may use the network.
Status boot_with_pxe(Context& context, uint8_t drive) {
  std::vector<uint8_t> sector = TRY(boot_sector(context, drive));
  TRY(run_with_pxe(context, {.program = sector, .drive = drive}));
  return Error{Errc::Io, "its boot program returned"};
}

Status boot_disk(Context& context, uint8_t drive) {
  if (!context.settings.text(kPxeSetting).empty()) return boot_with_pxe(context, drive);
  LoadPlan plan = TRY(plan_for(context, drive));
  TRY(context.platform.check(plan));
  context.network.shut_down();
  context.platform.hand_over(plan);
  return ok_status();  // not reached
}

Status san_boot(Context& context, const SanOptions& options, Args paths) {
  if (!paths.empty())
    return Error{Errc::Unsupported,
                 "disks in the network (iSCSI, AoE, HTTP) are not supported by "
                 "this version; without a root path a local disk boots"};
  int64_t drive = options.drive.value_or(context.settings.number("san-drive").value_or(0x80));
  if (drive < 0 || drive > 0xff)
    return Error{Errc::Range, cat("drive ", drive, ": numbers are 0 to 0xff")};
  std::string name = cat("SAN device 0x", hex(uint8_t(drive)));
  context.console.print(cat("Booting from ", name, "\n"));
  Status failed = boot_disk(context, uint8_t(drive));
  if (failed.ok()) return failed;
  return std::move(failed).error().in(cat("Boot from ", name, " failed"));
}

constexpr Command kCommands[] = {
    command<san_boot>("sanboot", "[<root path>...]", "boot a local disk", 0, kAnyCount,
                      kSanOptions),
};

}  // namespace

CommandTable san_commands() { return kCommands; }

}  // namespace hawser
