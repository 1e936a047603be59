// What a small ROM has in place of what it leaves out (SMALL_LEAVES_OUT in the Makefile): the
// same functions, which say so. Whoever needs one of these chains hawser.lkrn, which has them all.
#include "arch/x86_64/bios/nbp.h"
#include "arch/x86_64/bios/pxe.h"
#include "drivers/pcnet/device.h"
#include "drivers/rtl8139/device.h"
#include "drivers/virtio_net/probe.h"
#include "drivers/vmxnet3/device.h"
#include "net/tls/roots.h"
#include "src/archive/decoders.h"
#include "src/base/format.h"
#include "src/nbp.h"
#include "src/pxelinux/boot.h"
#include "src/rom_card.h"
#include "src/script/families.h"

// Written by scripts/make-roots --digests.
extern "C" const unsigned char hawser_root_digests[];
extern "C" const unsigned hawser_root_digests_bytes;

namespace hawser {
namespace {

constexpr std::string_view kLeftOut = "left out of this small ROM; \"chain\" a hawser.lkrn, which has it";

Error left_out(std::string_view what) { return {Errc::Unsupported, cat(what, ": ", kLeftOut)}; }

Status refuse(Context&, const Command&, Args) {
  return Error{Errc::Unsupported, std::string(kLeftOut)};
}

using NicResult = Result<std::unique_ptr<Nic>>;
NicResult no_driver() { return left_out("the driver of this card"); }

}  // namespace

// Roots of certificates: their digests alone, so a root has to be sent or fetched.
std::vector<tls::Der> tls::roots_above(const mbedtls_x509_crt& child) {
  return roots_sent_above(child, {hawser_root_digests, hawser_root_digests_bytes});
}

// Drivers, but for Intel's.
NicResult virtio_net::probe(const pci::Function&, std::string_view, const pci::Resources&) {
  return no_driver();
}
NicResult vmxnet3::probe(const pci::Function&, std::string_view, const pci::Resources&) {
  return no_driver();
}
NicResult rtl8139::probe(const pci::Function&, std::string_view, const pci::Resources&) {
  return no_driver();
}
NicResult pcnet::probe(const pci::Function&, std::string_view, const pci::Resources&) {
  return no_driver();
}

// Cards of the ROM or program that loaded us: a ROM is loaded by the BIOS alone.
std::optional<RomCard> RomCard::find(undi::Rom*, Platform&) { return std::nullopt; }
bool RomCard::has_native_driver() const { return false; }
std::string RomCard::command_line() const { return {}; }
void RomCard::release() {}
void RomCard::put_first(std::vector<stack::NicEntry>&) {}
void undi::release(Rom&) {}
Result<std::unique_ptr<bios::PxeRom>> bios::PxeRom::find(const StartInfo&) { return left_out("UNDI"); }

// Unpacking.
using DecoderResult = Result<std::unique_ptr<Decoder>>;
DecoderResult archive::make_inflate(bool, ArchiveMemory&) { return left_out("unpacking"); }
DecoderResult archive::make_zstd(ArchiveMemory&) { return left_out("unpacking"); }
DecoderResult archive::make_xz(ArchiveMemory&) { return left_out("unpacking"); }

// PXELINUX configurations. Automatic boot then takes a PXELINUX for the boot program that it is.
std::optional<pxelinux::Start> pxelinux::start_for(const Settings&, std::string_view,
                                                   std::string_view, const std::optional<Uri>&) {
  return std::nullopt;
}
Result<pxelinux::Start> pxelinux::start_at(const Settings&, std::string_view) {
  return left_out("reading PXELINUX configurations");
}
Status pxelinux::boot(Context&, const Start&) { return left_out("reading PXELINUX configurations"); }

// PXE boot programs.
Result<std::unique_ptr<ProgramServer>> make_pxe_server(const ProgramSurroundings&) {
  return left_out("running PXE boot programs");
}
Result<uint16_t> bios::run_nbp(LowData&, Bytes, ProgramServer&, std::optional<uint8_t>,
                               const std::function<bool(uint64_t, uint64_t)>&) {
  return left_out("running PXE boot programs");
}

// Commands.
CommandTable config_commands() {
  static constexpr Command kCommands[] = {
      {"config", "[<argument>...]", kLeftOut, 0, kAnyCount, {}, refuse},
  };
  return kCommands;
}

}  // namespace hawser
