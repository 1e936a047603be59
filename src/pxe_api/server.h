// The PXE API that a boot program finds beneath it (PXE 2.1 §3, §4): TFTP, UDP and UNDI over our
// own network, whatever drives the card. No register of a CPU is known here:
// arch/x86_64/bios/nbp.cc brings the calls.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/nbp.h"
#include "src/network.h"
#include "src/pxe_api/file_reader.h"
#include "src/pxe_api/files.h"
#include "src/pxe_api/frames.h"
#include "src/pxe_api/parameters.h"

namespace hawser::pxe_api {

/// The BOOTP packets that GET_CACHED_INFO hands out (§3.3.4).
struct Packets {
  std::vector<uint8_t> discover, ack, reply;
};

class Server final : public ProgramServer {
 public:
  /// Borrows what it gets references to. `command_line` goes to programs that ask for it; `base` is
  /// where the program is from.
  Server(Loop& loop, Network& network, Interface& interface, Packets packets,
         std::string command_line, std::optional<Uri> base);

  uint16_t call(uint16_t function, uint32_t parameters, ProgramMemory& memory) override;
  bool released() const override { return released_; }
  const std::optional<std::string>& command() const override { return command_; }

 private:
  Code undi(uint16_t function, uint32_t at, ProgramMemory& memory);
  Code base(uint16_t function, uint32_t at, ProgramMemory& memory);
  Code extension(uint16_t function, uint32_t at, ProgramMemory& memory);
  Code stop_undi();
  Code cached_info(undi::CachedInfoParameters& block, ProgramMemory& memory);
  Code information(undi::InformationParameters& block);
  Code nic_type(undi::NicTypeParameters& block);
  Code interface_info(InterfaceParameters& block);
  Code statistics(StatisticsParameters& block);
  Code tftp_open(TftpOpenParameters& block);
  Code tftp_read(TftpReadParameters& block, ProgramMemory& memory);
  Code tftp_read_file(TftpReadFileParameters& block, ProgramMemory& memory);
  Code tftp_size(TftpSizeParameters& block);
  Code udp_open();
  Code udp_write(const UdpWriteParameters& block, ProgramMemory& memory);
  Code udp_read(UdpReadParameters& block, ProgramMemory& memory);
  Code file_api(undi::FileApiCheckParameters& block);
  Code execute(const FileExecuteParameters& block, ProgramMemory& memory);
  Code command_line(undi::FileCommandLineParameters& block, ProgramMemory& memory);
  Result<UdpPort*> udp_port(uint16_t number);

  Loop& loop_;
  Network& network_;
  Interface& interface_;
  Packets packets_;
  std::string command_line_;
  Frames frames_;
  Files files_;
  std::optional<std::string> command_;
  std::unique_ptr<FileReader> file_;
  uint16_t packet_bytes_ = 0, packet_ = 0;
  bool udp_open_ = false;
  std::vector<std::pair<uint16_t, std::unique_ptr<UdpPort>>> ports_;  ///< longest unused first
  bool unloaded_ = false, released_ = false;
};

}  // namespace hawser::pxe_api
