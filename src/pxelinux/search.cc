#include "src/pxelinux/search.h"

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::pxelinux {
namespace {

constexpr std::string_view kFolder = "pxelinux.cfg/";
constexpr std::string_view kEthernet = "01-";  ///< hardware type of RFC 1700

std::string upper_hex(const Ipv4& address) {
  std::string digits = hex_bytes(address.bytes, "");
  for (char& c : digits)
    if (c >= 'a' && c <= 'f') c = char(c - 'a' + 'A');
  return digits;
}

}  // namespace

std::vector<std::string> config_names(const Identity& identity, std::string_view explicit_name) {
  std::vector<std::string> names;
  if (!explicit_name.empty()) names.emplace_back(explicit_name);
  if (!identity.uuid.empty()) names.push_back(cat(kFolder, identity.uuid));
  if (!identity.mac.empty()) names.push_back(cat(kFolder, kEthernet, identity.mac));
  if (!identity.address.any())
    for (std::string digits = upper_hex(identity.address); !digits.empty(); digits.pop_back())
      names.push_back(cat(kFolder, digits));
  names.push_back(cat(kFolder, "default"));
  return names;
}

Result<Uri> file_uri(const Uri& base, std::string_view file) {
  size_t colons = file.find("::");
  if (colons != file.npos && file.find('/') >= colons) {
    std::string_view host = file.substr(0, colons), path = file.substr(colons + 2);
    Uri uri = base;
    if (!host.empty()) uri = TRY(parse_uri(cat("tftp://", percent_encode(host), "/")));
    uri.path = cat(path.starts_with('/') ? "" : "/", percent_encode(path));
    uri.query.reset();
    return uri;
  }
  return resolve(base, TRY(parse_uri(percent_encode(file))));
}

bool is_pxelinux_program(std::string_view file) {
  size_t slash = file.find_last_of("/\\");
  std::string name(slash == file.npos ? file : file.substr(slash + 1));
  for (char& c : name) c = lower(c);
  return name == "syslinux.efi" || (name.find("pxelinux") != name.npos && name.ends_with(".0"));
}

}  // namespace hawser::pxelinux
