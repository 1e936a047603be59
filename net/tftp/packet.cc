#include "net/tftp/packet.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::tftp {
namespace {

void append_number(std::vector<uint8_t>& packet, uint16_t value) {
  packet.push_back(uint8_t(value >> 8));
  packet.push_back(uint8_t(value));
}

void append_text(std::vector<uint8_t>& packet, std::string_view text) {
  packet.insert(packet.end(), text.begin(), text.end());
  packet.push_back(0);
}

/// Takes the text up to the next NUL off the front of `rest`; nothing when there is no NUL.
std::optional<std::string_view> take_text(Bytes& rest) {
  auto end = std::ranges::find(rest, 0);
  if (end == rest.end()) return std::nullopt;
  size_t length = size_t(end - rest.begin());
  std::string_view text = text_of(rest.first(length));
  rest = rest.subspan(length + 1);
  return text;
}

}  // namespace

std::vector<uint8_t> read_request(std::string_view path, const RequestOptions& options) {
  std::vector<uint8_t> packet;
  append_number(packet, uint16_t(Opcode::ReadRequest));
  append_text(packet, path);
  append_text(packet, "octet");
  auto option = [&packet](std::string_view name, uint64_t value) {
    append_text(packet, name);
    append_text(packet, decimal(value));
  };
  if (options.block_bytes) option("blksize", *options.block_bytes);
  if (options.transfer_size) option("tsize", 0);
  if (options.timeout_s) option("timeout", *options.timeout_s);
  if (options.window) option("windowsize", *options.window);
  return packet;
}

std::vector<uint8_t> error_packet(ErrorCode code, std::string_view message) {
  std::vector<uint8_t> packet;
  append_number(packet, uint16_t(Opcode::Error));
  append_number(packet, uint16_t(code));
  append_text(packet, message);
  return packet;
}

Result<GrantedOptions> granted_options(Bytes packet) {
  GrantedOptions granted;
  Bytes rest = packet.size() < 2 ? Bytes{} : packet.subspan(2);
  while (!rest.empty()) {
    auto name = take_text(rest);
    auto value = name ? take_text(rest) : std::nullopt;
    if (!value) return Error{Errc::Protocol, "TFTP server sent an option without its value"};
    std::optional<uint64_t>* member = nullptr;
    if (equal_ignoring_case(*name, "blksize")) member = &granted.block_bytes;
    if (equal_ignoring_case(*name, "tsize")) member = &granted.transfer_size;
    if (equal_ignoring_case(*name, "windowsize")) member = &granted.window;
    if (!member) continue;
    *member = parse_decimal(*value);
    if (!*member)
      return Error{Errc::Protocol, cat("TFTP server sent ", printable(*name, 16), " \"",
                                       printable(*value, 32), "\", which is no number")};
  }
  return granted;
}

}  // namespace hawser::tftp
