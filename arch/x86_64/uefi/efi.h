// UEFI's basic types and service tables: UEFI Specification 2.10, the sections named below. Only
// what Hawser calls is typed; the rest holds its place. Protocols: protocols.h.
#pragma once

#include <cstddef>
#include <cstdint>

/// How firmware is called, and calls us (§2.3.4): the compiler translates at each call.
#define EFIAPI __attribute__((ms_abi))

namespace hawser::efi {

/// Appendix D. Errors have the top bit set; what is positive and not Success is a warning.
enum class Code : uint64_t {
  Success = 0,
  LoadError = 1ull << 63 | 1,
  InvalidParameter = 1ull << 63 | 2,
  Unsupported = 1ull << 63 | 3,
  BadBufferSize = 1ull << 63 | 4,
  BufferTooSmall = 1ull << 63 | 5,
  NotReady = 1ull << 63 | 6,
  DeviceError = 1ull << 63 | 7,
  WriteProtected = 1ull << 63 | 8,
  OutOfResources = 1ull << 63 | 9,
  VolumeCorrupted = 1ull << 63 | 10,
  VolumeFull = 1ull << 63 | 11,
  NoMedia = 1ull << 63 | 12,
  MediaChanged = 1ull << 63 | 13,
  NotFound = 1ull << 63 | 14,
  AccessDenied = 1ull << 63 | 15,
  NoResponse = 1ull << 63 | 16,
  NoMapping = 1ull << 63 | 17,
  Timeout = 1ull << 63 | 18,
  NotStarted = 1ull << 63 | 19,
  AlreadyStarted = 1ull << 63 | 20,
  Aborted = 1ull << 63 | 21,
  IcmpError = 1ull << 63 | 22,
  TftpError = 1ull << 63 | 23,
  ProtocolError = 1ull << 63 | 24,
  IncompatibleVersion = 1ull << 63 | 25,
  SecurityViolation = 1ull << 63 | 26,
  CrcError = 1ull << 63 | 27,
  EndOfMedia = 1ull << 63 | 28,
  EndOfFile = 1ull << 63 | 31,
  InvalidLanguage = 1ull << 63 | 32,
  CompromisedData = 1ull << 63 | 33,
  HttpError = 1ull << 63 | 35,
};
/// True for errors; warnings count as success.
constexpr bool failed(Code code) { return int64_t(code) < 0; }

using Handle = void*;
using Event = void*;
using PhysicalAddress = uint64_t;
using Lba = uint64_t;
using Bool = uint8_t;

struct Guid {
  uint32_t a;
  uint16_t b, c;
  uint8_t d[8];
  constexpr bool operator==(const Guid&) const = default;
};

struct TableHeader {  // §4.2
  uint64_t signature;
  uint32_t revision, header_bytes, crc32, reserved;
};

// --- time (§8.3) ---------------------------------------------------------------------------------
// -----------------------------------------------------------------------------------

struct Time {
  uint16_t year;                             ///< 1900 to 9999
  uint8_t month, day, hour, minute, second;  ///< month and day from 1
  uint8_t pad1;
  uint32_t nanosecond;
  int16_t
      time_zone;  ///< minutes: UTC = local time + time_zone; kNoTimeZone: the clock has local time
  uint8_t daylight, pad2;
};
inline constexpr int16_t kNoTimeZone = 0x7ff;

// --- memory (§7.2) -------------------------------------------------------------------------------
// -----------------------------------------------------------------------------------

enum class AllocateType : uint32_t { AnyPages, MaxAddress, Address };
enum class MemoryKind : uint32_t {
  Reserved,
  LoaderCode,
  LoaderData,
  BootServicesCode,
  BootServicesData,
  RuntimeServicesCode,
  RuntimeServicesData,
  Conventional,
  Unusable,
  AcpiReclaim,
  AcpiNvs,
  MappedIo,
  MappedIoPort,
  PalCode,
  Persistent,
  Unaccepted,
};
inline constexpr uint64_t kPageBytes = 4096;

/// Entries of GetMemoryMap() lie `descriptor_bytes` apart, which is more than sizeof this.
struct MemoryDescriptor {
  MemoryKind kind;
  uint32_t pad;
  PhysicalAddress physical_start;
  uint64_t virtual_start;
  uint64_t pages;
  uint64_t attributes;
};

// --- console (§12) -------------------------------------------------------------------------------
// -------------------------------------------------------------------------------------

struct InputKey {
  uint16_t scan_code;
  char16_t unicode;
};
struct TextInput {
  Code(EFIAPI* reset)(TextInput*, Bool extended);
  Code(EFIAPI* read_key)(TextInput*, InputKey* key);  ///< NotReady: none; never waits
  Event wait_for_key;
};

struct KeyState {
  uint32_t shift;  ///< valid with kShiftValid
  uint8_t toggle;
};
inline constexpr uint32_t kShiftValid = 0x80000000, kRightControl = 4, kLeftControl = 8,
                          kRightAlt = 0x10, kLeftAlt = 0x20;
struct KeyData {
  InputKey key;
  KeyState state;
};
struct TextInputEx {
  Code(EFIAPI* reset)(TextInputEx*, Bool extended);
  Code(EFIAPI* read_key)(TextInputEx*, KeyData* key);
  Event wait_for_key;
  void* set_state;
  void* register_notify;
  void* unregister_notify;
};

struct TextMode {
  int32_t max_mode, mode, attribute, cursor_column, cursor_row;
  Bool cursor_visible;
};
struct TextOutput {
  Code(EFIAPI* reset)(TextOutput*, Bool extended);
  Code(EFIAPI* output)(TextOutput*, const char16_t* text);
  Code(EFIAPI* test)(TextOutput*, const char16_t* text);
  Code(EFIAPI* query_mode)(TextOutput*, uint64_t mode, uint64_t* columns, uint64_t* rows);
  Code(EFIAPI* set_mode)(TextOutput*, uint64_t mode);
  Code(EFIAPI* set_attribute)(TextOutput*, uint64_t attribute);
  Code(EFIAPI* clear)(TextOutput*);
  Code(EFIAPI* set_cursor)(TextOutput*, uint64_t column, uint64_t row);
  Code(EFIAPI* enable_cursor)(TextOutput*, Bool visible);
  TextMode* mode;
};

// --- device paths (§10) --------------------------------------------------------------------------
// ----------------------------------------------------------------------------------

/// The header of each node; `bytes` counts it. A node of kEnd/kEndEntire ends the path.
struct [[gnu::packed]] DevicePath {
  uint8_t type, subtype;
  uint16_t bytes;
  static constexpr uint8_t kHardware = 1, kAcpi = 2, kMessaging = 3, kMedia = 4, kEnd = 0x7f;
  static constexpr uint8_t kEndEntire = 0xff, kEndInstance = 1;
  static constexpr uint8_t kMemoryMapped = 3, kVendorHardware = 4;        // of kHardware
  static constexpr uint8_t kMac = 11, kIpv4 = 12, kIpv6 = 13, kVlan = 20, kUri = 24,
                           kDns = 31;  // of kMessaging
  static constexpr uint8_t kVendorMedia = 3, kFilePath = 4;               // of kMedia
};
static_assert(sizeof(DevicePath) == 4);

// --- boot services (§4.4, §7) --------------------------------------------------------------------
// ----------------------------------------------------------------------------

enum class TimerDelay : uint32_t { Cancel, Periodic, Relative };
enum class SearchType : uint32_t { AllHandles, ByRegisterNotify, ByProtocol };
enum class InterfaceType : uint32_t { Native };
inline constexpr uint32_t kEventTimer = 0x80000000, kEventNotifySignal = 0x200;
inline constexpr uint64_t kTplApplication = 4, kTplCallback = 8, kTplNotify = 16;
// OpenProtocol()
inline constexpr uint32_t kByHandleProtocol = 1, kGetProtocol = 2, kTestProtocol = 4,
                          kByChildController = 8, kByDriver = 0x10, kExclusive = 0x20;

using Notify = void(EFIAPI*)(Event event, void* context);

struct OpenInformation {
  Handle agent, controller;
  uint32_t attributes, open_count;
};

struct BootServices {
  TableHeader header;
  uint64_t(EFIAPI* raise_tpl)(uint64_t tpl);
  void(EFIAPI* restore_tpl)(uint64_t tpl);
  Code(EFIAPI* allocate_pages)(AllocateType, MemoryKind, uint64_t pages, PhysicalAddress* at);
  Code(EFIAPI* free_pages)(PhysicalAddress at, uint64_t pages);
  Code(EFIAPI* get_memory_map)(uint64_t* bytes, MemoryDescriptor* map, uint64_t* key,
                               uint64_t* descriptor_bytes, uint32_t* descriptor_version);
  Code(EFIAPI* allocate_pool)(MemoryKind, uint64_t bytes, void** buffer);
  Code(EFIAPI* free_pool)(void* buffer);
  Code(EFIAPI* create_event)(uint32_t type, uint64_t tpl, Notify notify, void* context,
                             Event* event);
  Code(EFIAPI* set_timer)(Event event, TimerDelay, uint64_t hundred_ns);
  Code(EFIAPI* wait_for_event)(uint64_t count, Event* events, uint64_t* index);
  Code(EFIAPI* signal_event)(Event event);
  Code(EFIAPI* close_event)(Event event);
  Code(EFIAPI* check_event)(Event event);
  Code(EFIAPI* install_protocol)(Handle* handle, const Guid* protocol, InterfaceType,
                                 void* interface);
  Code(EFIAPI* reinstall_protocol)(Handle handle, const Guid* protocol, void* old_interface,
                                   void* new_interface);
  Code(EFIAPI* uninstall_protocol)(Handle handle, const Guid* protocol, void* interface);
  Code(EFIAPI* handle_protocol)(Handle handle, const Guid* protocol, void** interface);
  void* reserved;
  void* register_protocol_notify;
  Code(EFIAPI* locate_handle)(SearchType, const Guid* protocol, void* key, uint64_t* bytes,
                              Handle* buffer);
  Code(EFIAPI* locate_device_path)(const Guid* protocol, DevicePath** path, Handle* device);
  Code(EFIAPI* install_configuration_table)(const Guid* guid, void* table);
  Code(EFIAPI* load_image)(Bool boot_policy, Handle parent, const DevicePath* path,
                           const void* source, uint64_t source_bytes, Handle* image);
  Code(EFIAPI* start_image)(Handle image, uint64_t* exit_data_bytes, char16_t** exit_data);
  Code(EFIAPI* exit)(Handle image, Code status, uint64_t exit_data_bytes, char16_t* exit_data);
  Code(EFIAPI* unload_image)(Handle image);
  Code(EFIAPI* exit_boot_services)(Handle image, uint64_t map_key);
  Code(EFIAPI* get_next_monotonic_count)(uint64_t* count);
  Code(EFIAPI* stall)(uint64_t us);
  Code(EFIAPI* set_watchdog_timer)(uint64_t seconds, uint64_t code, uint64_t data_bytes,
                                   const char16_t* data);
  Code(EFIAPI* connect_controller)(Handle controller, Handle* drivers, const DevicePath* remaining,
                                   Bool recursive);
  Code(EFIAPI* disconnect_controller)(Handle controller, Handle driver, Handle child);
  Code(EFIAPI* open_protocol)(Handle handle, const Guid* protocol, void** interface, Handle agent,
                              Handle controller, uint32_t attributes);
  Code(EFIAPI* close_protocol)(Handle handle, const Guid* protocol, Handle agent,
                               Handle controller);
  Code(EFIAPI* open_protocol_information)(Handle handle, const Guid* protocol,
                                          OpenInformation** entries, uint64_t* count);
  Code(EFIAPI* protocols_per_handle)(Handle handle, Guid*** protocols, uint64_t* count);
  /// The buffer is the caller's to free_pool().
  Code(EFIAPI* locate_handle_buffer)(SearchType, const Guid* protocol, void* key, uint64_t* count,
                                     Handle** buffer);
  Code(EFIAPI* locate_protocol)(const Guid* protocol, void* registration, void** interface);
  Code(EFIAPI* install_protocols)(Handle* handle, ...);   ///< pairs of GUID, interface; then null
  Code(EFIAPI* uninstall_protocols)(Handle handle, ...);  ///< as install_protocols()
  Code(EFIAPI* calculate_crc32)(const void* data, uint64_t bytes, uint32_t* crc32);
  void(EFIAPI* copy_mem)(void* to, const void* from, uint64_t bytes);
  void(EFIAPI* set_mem)(void* to, uint64_t bytes, uint8_t value);
  Code(EFIAPI* create_event_ex)(uint32_t type, uint64_t tpl, Notify notify, const void* context,
                                const Guid* group, Event* event);
};
static_assert(offsetof(BootServices, allocate_pages) == 40);
static_assert(offsetof(BootServices, locate_handle) == 176);
static_assert(offsetof(BootServices, stall) == 248);
static_assert(offsetof(BootServices, open_protocol) == 280);
static_assert(offsetof(BootServices, locate_handle_buffer) == 312);
static_assert(sizeof(BootServices) == 376);

// --- runtime services (§4.5, §8) -----------------------------------------------------------------
// ---------------------------------------------------------------------------

enum class ResetType : uint32_t { Cold, Warm, Shutdown, PlatformSpecific };
inline constexpr uint32_t kNonVolatile = 1, kBootAccess = 2, kRuntimeAccess = 4;

struct RuntimeServices {
  TableHeader header;
  Code(EFIAPI* get_time)(Time* time, void* capabilities);
  void* set_time;
  void* get_wakeup_time;
  void* set_wakeup_time;
  void* set_virtual_address_map;
  void* convert_pointer;
  /// BufferTooSmall tells the size in `bytes`.
  Code(EFIAPI* get_variable)(const char16_t* name, const Guid* vendor, uint32_t* attributes,
                             uint64_t* bytes, void* data);
  Code(EFIAPI* get_next_variable_name)(uint64_t* name_bytes, char16_t* name, Guid* vendor);
  Code(EFIAPI* set_variable)(const char16_t* name, const Guid* vendor, uint32_t attributes,
                             uint64_t bytes, const void* data);
  void* get_next_high_monotonic_count;
  void(EFIAPI* reset_system)(ResetType, Code status, uint64_t data_bytes, const void* data);
  void* update_capsule;
  void* query_capsule_capabilities;
  void* query_variable_info;
};
static_assert(offsetof(RuntimeServices, get_variable) == 72);
static_assert(offsetof(RuntimeServices, reset_system) == 104);
static_assert(sizeof(RuntimeServices) == 136);

// --- system table (§4.3, §4.6) -------------------------------------------------------------------
// -----------------------------------------------------------------------------

struct ConfigurationTable {
  Guid guid;
  void* table;
};

struct SystemTable {
  TableHeader header;
  const char16_t* firmware_vendor;
  uint32_t firmware_revision;
  Handle console_in_handle;
  TextInput* console_in;
  Handle console_out_handle;
  TextOutput* console_out;
  Handle standard_error_handle;
  TextOutput* standard_error;
  RuntimeServices* runtime;
  BootServices* boot;
  uint64_t table_count;
  ConfigurationTable* tables;
};
static_assert(offsetof(SystemTable, console_out) == 64);
static_assert(offsetof(SystemTable, boot) == 96);
static_assert(sizeof(SystemTable) == 120);

}  // namespace hawser::efi
