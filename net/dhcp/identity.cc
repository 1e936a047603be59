#include "net/dhcp/identity.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/version.h"

namespace hawser::dhcp {
namespace {

constexpr uint16_t kMaxMessageBytes = 1472;
constexpr uint16_t kBiosArchitecture = 0;  // RFC 4578 §2.1
constexpr uint8_t kEthernet = 1;

constexpr uint8_t kWanted[] = {1,   3,   6,   7,   12,  15,  17,  26,  42,  43,  60,  66, 67,
                               119, 121, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203, 208,
                               209, 210, 211};

/// Sub-options of 175 that say what is built: HTTP, HTTPS, TFTP, DNS, bzImage, Multiboot.
constexpr uint8_t kFeatures[] = {0x13, 0x14, 0x15, 0x17, 0x18, 0x19};
/// The release of iPXE whose script language and options these are.
constexpr uint8_t kCompatibleVersion[] = {2, 0, 0};

std::string vendor_class(uint16_t architecture) {
  std::string number = decimal(uint64_t{architecture});
  number.insert(0, 5 - number.size(), '0');
  return cat("PXEClient:Arch:", number,
             architecture == kBiosArchitecture ? ":UNDI:002001" : ":UNDI:003010");
}

std::vector<uint8_t> ipxe_options(const ClientSettings& settings) {
  std::vector<uint8_t> options{ipxe::kBus,
                               5,
                               settings.bus_type,
                               uint8_t(settings.vendor >> 8),
                               uint8_t(settings.vendor),
                               uint8_t(settings.device >> 8),
                               uint8_t(settings.device)};
  for (uint8_t feature : kFeatures) options.insert(options.end(), {feature, 1, 1});
  options.insert(options.end(), {ipxe::kVersion, 3, kCompatibleVersion[0], kCompatibleVersion[1],
                                 kCompatibleVersion[2]});
  return options;
}

/// Option 97: type 0 and the UUID as SMBIOS 2.6 stores it, which is also its order on the wire.
std::vector<uint8_t> uuid_option(const std::vector<uint8_t>& uuid) {
  std::vector<uint8_t> value(1 + uuid.size());
  std::copy(uuid.begin(), uuid.end(), value.begin() + 1);
  return value;
}

}  // namespace

void add_client_id(RequestWriter& writer, const ClientSettings& settings) {
  std::vector<uint8_t> id{kEthernet};
  id.insert(id.end(), settings.mac.bytes.begin(), settings.mac.bytes.end());
  writer.add(option::kClientId, Bytes{id});
}

void add_identity(RequestWriter& writer, const ClientSettings& settings) {
  const DhcpSettings& request = settings.request;
  bool bios = request.architecture == kBiosArchitecture;
  const uint8_t max_size[] = {uint8_t(kMaxMessageBytes >> 8), uint8_t(kMaxMessageBytes & 0xff)};
  const uint8_t architecture[] = {uint8_t(request.architecture >> 8),
                                  uint8_t(request.architecture)};
  const uint8_t bios_ndi[] = {1, 2, 1}, efi_ndi[] = {1, 3, 10};  // UNDI 2.1, UNDI 3.10

  writer.add(option::kMaxSize, Bytes{max_size});
  writer.add(option::kArchitecture, Bytes{architecture});
  writer.add(option::kNdi, bios ? Bytes{bios_ndi} : Bytes{efi_ndi});
  writer.add(option::kVendorClass, request.vendor_class.empty() ? vendor_class(request.architecture)
                                                                : request.vendor_class);
  if (!request.user_class.empty()) writer.add(option::kUserClass, request.user_class);
  writer.add(option::kParameterList, Bytes{kWanted});
  writer.add(option::kIpxe, Bytes{ipxe_options(settings)});
  add_client_id(writer, settings);
  if (request.uuid && request.uuid->size() == 16)
    writer.add(option::kUuid, Bytes{uuid_option(*request.uuid)});
  if (request.send_identity) writer.add(option::kHawser, cat("Hawser ", kVersion));
}

}  // namespace hawser::dhcp
