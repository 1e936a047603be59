#include "drivers/nii/commands.h"

#include <cstring>

#include "arch/x86_64/uefi/call_watch.h"
#include "src/base/format.h"

namespace hawser::nii {
namespace {

using efi::undi::Cdb;
using efi::undi::Opcode;
using efi::undi::Pxe;
using efi::undi::StatCode;

const char* name_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::GetState:
      return "UNDI GetState";
    case Opcode::Start:
      return "UNDI Start";
    case Opcode::Stop:
      return "UNDI Stop";
    case Opcode::GetInitInfo:
      return "UNDI GetInitInfo";
    case Opcode::Initialize:
      return "UNDI Initialize";
    case Opcode::Shutdown:
      return "UNDI Shutdown";
    case Opcode::ReceiveFilters:
      return "UNDI ReceiveFilters";
    case Opcode::StationAddress:
      return "UNDI StationAddress";
    case Opcode::GetStatus:
      return "UNDI GetStatus";
    case Opcode::Transmit:
      return "UNDI Transmit";
    case Opcode::Receive:
      return "UNDI Receive";
  }
  return "UNDI";
}

std::string_view words_of(StatCode code) {
  static constexpr std::string_view kWords[] = {"success",
                                                "invalid CDB",
                                                "invalid CPB",
                                                "busy",
                                                "queue full",
                                                "already started",
                                                "not started",
                                                "not shut down",
                                                "already initialized",
                                                "not initialized",
                                                "device failure",
                                                "NVRAM failure",
                                                "unsupported",
                                                "buffer full",
                                                "invalid parameter",
                                                "invalid UNDI",
                                                "no IPv4",
                                                "no IPv6",
                                                "not enough memory",
                                                "no data"};
  return size_t(code) < std::size(kWords) ? kWords[size_t(code)] : "unknown";
}

}  // namespace

Status Commands::find() {
  auto* pxe = reinterpret_cast<const Pxe*>(identifier_.undi);
  constexpr size_t kLeast = offsetof(Pxe, implementation) + sizeof pxe->implementation;
  auto damaged = [] {
    return Error{Errc::Device, "the firmware's UNDI cannot be used: its !PXE structure is damaged"};
  };
  if (!pxe || std::memcmp(pxe->signature, Pxe::kSignature, sizeof pxe->signature) != 0 ||
      pxe->bytes < kLeast)
    return damaged();
  uint8_t sum = 0;
  for (size_t i = 0; i < pxe->bytes; ++i) sum += reinterpret_cast<const uint8_t*>(pxe)[i];
  if (sum != 0) return damaged();
  if (pxe->implementation & Pxe::kHardware)
    return Error{Errc::Unsupported,
                 "the card has its UNDI in hardware, which Hawser cannot drive: use \"snp\" or "
                 "\"native\""};
  if (pxe->major != 3 || pxe->minor < 1)
    return Error{Errc::Unsupported, cat("the firmware's UNDI has version ", pxe->major, '.',
                                        pxe->minor, ", and Hawser can drive 3.1")};
  if (pxe->bytes < sizeof *pxe || !pxe->entry) return damaged();
  uint64_t base = pxe->implementation & Pxe::kVirtualAddress ? 0 : identifier_.undi;
  entry_ = reinterpret_cast<efi::undi::Entry>(base + pxe->entry);
  implementation_ = pxe->implementation;
  return ok_status();
}

bool Commands::is_idle() const {
  uint16_t flags = *static_cast<const volatile uint16_t*>(&cdb_.stat_flags);
  return entry_ && (flags & Cdb::kStatusMask) != Cdb::kQueued;
}

StatCode Commands::issue(Opcode opcode, uint16_t flags, size_t cpb_bytes, size_t db_bytes) {
  constexpr int kMostWaits = 1000;
  constexpr uint64_t kWaitUs = 100;
  if (!is_idle()) return StatCode::Busy;
  auto address_of = [](auto& block, size_t bytes) {
    return bytes ? reinterpret_cast<uint64_t>(&block) : 0;
  };
  std::memset(&db, 0, db_bytes);
  cdb_ = {};
  cdb_.opcode = opcode;
  cdb_.flags = flags;
  cdb_.cpb_bytes = uint16_t(cpb_bytes);
  cdb_.db_bytes = uint16_t(db_bytes);
  cdb_.cpb = address_of(cpb, cpb_bytes);
  cdb_.db = address_of(db, db_bytes);
  cdb_.interface = identifier_.interface;
  {
    uefi::FirmwareCall watched(name_of(opcode));
    entry_(&cdb_);
    for (int i = 0; i < kMostWaits && !is_idle(); ++i) boot_.stall(kWaitUs);
  }
  callbacks.unblock();
  if (!is_idle()) return StatCode::Busy;
  bool failed = (cdb_.stat_flags & Cdb::kStatusMask) == Cdb::kFailed;
  return failed && cdb_.stat_code == StatCode::Success ? StatCode::InvalidUndi : cdb_.stat_code;
}

Status Commands::carry_out(Opcode opcode, uint16_t flags, size_t cpb_bytes, size_t db_bytes) {
  constexpr int kMostTries = 100;
  constexpr uint64_t kWaitUs = 10'000;
  StatCode code = issue(opcode, flags, cpb_bytes, db_bytes);
  for (int i = 0; i < kMostTries && code == StatCode::Busy && is_idle(); ++i) {
    boot_.stall(kWaitUs);
    code = issue(opcode, flags, cpb_bytes, db_bytes);
  }
  if (code == StatCode::Success) return ok_status();
  if (!is_idle())
    return Error{Errc::Device,
                 cat("the firmware's network driver failed: ", name_of(opcode), " did not end")};
  return Error{Errc::Device, cat("the firmware's network driver failed: ", name_of(opcode),
                                 " ended in StatCode ", unsigned(code), " (", words_of(code), ')')};
}

}  // namespace hawser::nii
