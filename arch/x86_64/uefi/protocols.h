// UEFI protocols that Hawser uses or offers: UEFI Specification 2.10, the sections named below.
#pragma once

#include "arch/x86_64/uefi/efi.h"

namespace hawser::efi {

struct SimpleNetwork;  // drivers/snp

namespace guid {
inline constexpr Guid kLoadedImage{
    0x5b1b31a1, 0x9562, 0x11d2, {0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kLoadedImageDevicePath{
    0xbc62157e, 0x3e33, 0x4fec, {0x99, 0x20, 0x2d, 0x3b, 0x36, 0xd7, 0x50, 0xdf}};
inline constexpr Guid kDevicePath{
    0x09576e91, 0x6d3f, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kSimpleFileSystem{
    0x964e5b22, 0x6459, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kBlockIo{
    0x964e5b21, 0x6459, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kFileInfo{
    0x09576e92, 0x6d3f, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kFileSystemInfo{
    0x09576e93, 0x6d3f, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kLoadFile{
    0x56ec3091, 0x954c, 0x11d2, {0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kLoadFile2{
    0x4006c0c1, 0xfcb3, 0x403e, {0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d}};
inline constexpr Guid kTextOutput{
    0x387477c2, 0x69c7, 0x11d2, {0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b}};
inline constexpr Guid kTextInputEx{
    0xdd9e7534, 0x7762, 0x4698, {0x8c, 0x14, 0xf5, 0x85, 0x17, 0xa6, 0x25, 0xaa}};
inline constexpr Guid kPciIo{
    0x4cf5b200, 0x68b8, 0x4ca5, {0x9e, 0xec, 0xb2, 0x3e, 0x3f, 0x50, 0x02, 0x9a}};
inline constexpr Guid kDriverBinding{
    0x18a031ab, 0xb443, 0x4d1a, {0xa5, 0xc0, 0x0c, 0x09, 0x26, 0x1e, 0x9f, 0x71}};
inline constexpr Guid kComponentName2{
    0x6a7a5cff, 0xe8d9, 0x4f70, {0xba, 0xda, 0x75, 0xab, 0x30, 0x25, 0xce, 0x14}};
inline constexpr Guid kPciRootBridgeIo{
    0x2f707ebb, 0x4a1a, 0x11d4, {0x9a, 0x38, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
inline constexpr Guid kSimpleNetwork{
    0xa19832b9, 0xac25, 0x11d3, {0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
inline constexpr Guid kPxeBaseCode{
    0x03c4e603, 0xac28, 0x11d3, {0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
inline constexpr Guid kRng{
    0x3152bca5, 0xeade, 0x433d, {0x86, 0x2e, 0xc0, 0x1c, 0xdc, 0x29, 0x1f, 0x44}};
inline constexpr Guid kSerialIo{
    0xbb25cf6f, 0xf1d4, 0x11d2, {0x9a, 0x0c, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0xfd}};
inline constexpr Guid kGlobalVariable{
    0x8be4df61, 0x93ca, 0x11d2, {0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c}};
// Configuration tables (§4.6).
inline constexpr Guid kSmbios{
    0xeb9d2d31, 0x2d88, 0x11d3, {0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
inline constexpr Guid kSmbios3{
    0xf2fd1544, 0x9794, 0x4a2c, {0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94}};
inline constexpr Guid kAcpi10{
    0xeb9d2d30, 0x2d88, 0x11d3, {0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
inline constexpr Guid kAcpi20{
    0x8868e871, 0xe4f1, 0x11d3, {0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81}};
}  // namespace guid

struct LoadedImage {  // §9.1
  static constexpr const Guid& kGuid = guid::kLoadedImage;
  uint32_t revision;
  Handle parent;
  SystemTable* system_table;
  Handle device;
  DevicePath* file_path;
  void* reserved;
  uint32_t load_options_bytes;
  void* load_options;  ///< UCS-2 by custom, but may be anything
  void* image_base;
  uint64_t image_bytes;
  MemoryKind code_kind, data_kind;
  Code(EFIAPI* unload)(Handle image);
};
static_assert(offsetof(LoadedImage, load_options) == 56 && sizeof(LoadedImage) == 96);

// --- drivers (§11.1, §11.5) ----------------------------------------------------------------------

struct DriverBinding {
  /// Success: start() may be called. Changes nothing.
  Code(EFIAPI* supported)(DriverBinding*, Handle controller, const DevicePath* remaining);
  Code(EFIAPI* start)(DriverBinding*, Handle controller, const DevicePath* remaining);
  /// First with all children, then with none.
  Code(EFIAPI* stop)(DriverBinding*, Handle controller, uint64_t child_count, Handle* children);
  uint32_t version;  ///< 0x10 to 0xffffffef; higher ones are asked first
  Handle image, handle;
};
static_assert(offsetof(DriverBinding, image) == 32);

struct ComponentName2 {
  Code(EFIAPI* driver_name)(ComponentName2*, const char* language, const char16_t** name);
  Code(EFIAPI* controller_name)(ComponentName2*, Handle controller, Handle child,
                                const char* language, const char16_t** name);
  const char* languages;  ///< RFC 4646, separated by semicolons
};

// --- files (§13.1, §13.2, §13.4, §13.5, §13.9) ---------------------------------------------------
// -------------------------------------------------------------

struct LoadFile {  ///< LoadFile2 has the same shape
  /// BufferTooSmall tells the size in `bytes`; `buffer` may be null then.
  Code(EFIAPI* load_file)(LoadFile*, const DevicePath* path, Bool boot_policy, uint64_t* bytes,
                          void* buffer);
};

struct File {
  static constexpr uint64_t kRead = 1, kWrite = 2, kCreate = 1ull << 63;  ///< modes
  static constexpr uint64_t kReadOnly = 1, kDirectory = 0x10;             ///< attributes
  static constexpr uint64_t kRevision1 = 0x10000;
  uint64_t revision;
  Code(EFIAPI* open)(File*, File** opened, const char16_t* name, uint64_t mode,
                     uint64_t attributes);
  Code(EFIAPI* close)(File*);
  Code(EFIAPI* remove)(File*);
  Code(EFIAPI* read)(File*, uint64_t* bytes, void* buffer);
  Code(EFIAPI* write)(File*, uint64_t* bytes, const void* buffer);
  Code(EFIAPI* get_position)(File*, uint64_t* position);
  Code(EFIAPI* set_position)(File*, uint64_t position);
  Code(EFIAPI* get_info)(File*, const Guid* type, uint64_t* bytes, void* buffer);
  Code(EFIAPI* set_info)(File*, const Guid* type, uint64_t bytes, const void* buffer);
  Code(EFIAPI* flush)(File*);
};
static_assert(sizeof(File) == 88);

struct SimpleFileSystem {
  static constexpr const Guid& kGuid = guid::kSimpleFileSystem;
  static constexpr uint64_t kRevision = 0x10000;
  uint64_t revision;
  Code(EFIAPI* open_volume)(SimpleFileSystem*, File** root);
};

/// The name follows, as UCS-2 with its zero.
struct FileInfo {
  uint64_t bytes;  ///< of this structure with the name
  uint64_t file_bytes, physical_bytes;
  Time created, accessed, modified;
  uint64_t attributes;
};
static_assert(sizeof(FileInfo) == 80);

/// The volume label follows, as UCS-2 with its zero.
struct [[gnu::packed]] FileSystemInfo {
  uint64_t bytes;
  Bool read_only;
  uint8_t pad[7];
  uint64_t volume_bytes, free_bytes;
  uint32_t block_bytes;
};
static_assert(sizeof(FileSystemInfo) == 36);

struct BlockMedia {
  uint32_t media_id;
  Bool removable, present, logical_partition, read_only, write_caching;
  uint32_t block_bytes, io_align;
  Lba last_block;
};
static_assert(sizeof(BlockMedia) == 32);
struct BlockIo {
  static constexpr const Guid& kGuid = guid::kBlockIo;
  uint64_t revision;
  BlockMedia* media;
  Code(EFIAPI* reset)(BlockIo*, Bool extended);
  Code(EFIAPI* read)(BlockIo*, uint32_t media_id, Lba at, uint64_t bytes, void* buffer);
  Code(EFIAPI* write)(BlockIo*, uint32_t media_id, Lba at, uint64_t bytes, const void* buffer);
  Code(EFIAPI* flush)(BlockIo*);
};

// --- PCI (§14.2, §14.4) --------------------------------------------------------------------------
// ------------------------------------------------------------------------------------

enum class PciWidth : uint32_t { Uint8, Uint16, Uint32, Uint64 };
enum class PciOperation : uint32_t { BusMasterRead, BusMasterWrite, CommonBuffer };
enum class PciAttribute : uint32_t { Get, Set, Enable, Disable, Supported };

struct PciIo {
  static constexpr const Guid& kGuid = guid::kPciIo;
  using Access = Code(EFIAPI*)(PciIo*, PciWidth, uint8_t bar, uint64_t offset, uint64_t count,
                               void* buffer);
  using ConfigAccess = Code(EFIAPI*)(PciIo*, PciWidth, uint32_t offset, uint64_t count,
                                     void* buffer);
  static constexpr uint64_t kIo = 0x100, kMemory = 0x200, kBusMaster = 0x400;  ///< attributes
  void* poll_memory;
  void* poll_io;
  Access read_memory, write_memory, read_io, write_io;
  ConfigAccess read_config, write_config;
  void* copy_memory;
  Code(EFIAPI* map)(PciIo*, PciOperation, void* host, uint64_t* bytes, PhysicalAddress* device,
                    void** mapping);
  Code(EFIAPI* unmap)(PciIo*, void* mapping);
  Code(EFIAPI* allocate_buffer)(PciIo*, AllocateType, MemoryKind, uint64_t pages, void** host,
                                uint64_t attributes);
  Code(EFIAPI* free_buffer)(PciIo*, uint64_t pages, void* host);
  Code(EFIAPI* flush)(PciIo*);
  Code(EFIAPI* get_location)(PciIo*, uint64_t* segment, uint64_t* bus, uint64_t* device,
                             uint64_t* function);
  Code(EFIAPI* attributes)(PciIo*, PciAttribute, uint64_t attributes, uint64_t* result);
  void* get_bar_attributes;
  void* set_bar_attributes;
  uint64_t rom_bytes;
  void* rom;
};
static_assert(offsetof(PciIo, get_location) == 112 && sizeof(PciIo) == 160);

struct PciRootBridgeIo {
  static constexpr const Guid& kGuid = guid::kPciRootBridgeIo;
  /// Of configuration space: register | function << 8 | device << 16 | bus << 24, and the register
  /// in the upper half when it does not fit 8 bits.
  using Access = Code(EFIAPI*)(PciRootBridgeIo*, PciWidth, uint64_t address, uint64_t count,
                               void* buffer);
  Handle parent;
  void* poll_memory;
  void* poll_io;
  Access read_memory, write_memory, read_io, write_io, read_config, write_config;
  void* others[9];
  uint32_t segment;
};
static_assert(offsetof(PciRootBridgeIo, read_config) == 56);
static_assert(offsetof(PciRootBridgeIo, segment) == 144);

// --- network (§24.3) and random numbers (§37.5) --------------------------------------------------
// ---------------------------------------------------------------

struct IpAddress {
  alignas(4) uint8_t bytes[16];
};
struct PxeMode {
  Bool started, ipv6_available, ipv6_supported, using_ipv6, bis_supported, bis_detected, auto_arp,
      send_guid, dhcp_discover_valid, dhcp_ack_received, proxy_offer_received, pxe_discover_valid,
      pxe_reply_received, pxe_bis_reply_received, icmp_error_received, tftp_error_received,
      make_callbacks;
  uint8_t ttl, tos;
  IpAddress station_ip, subnet_mask;
  static constexpr size_t kPacketBytes = 1472;  ///< BOOTP onwards; the length is not known
  uint8_t dhcp_discover[kPacketBytes], dhcp_ack[kPacketBytes], proxy_offer[kPacketBytes],
      pxe_discover[kPacketBytes], pxe_reply[kPacketBytes];
};
static_assert(offsetof(PxeMode, station_ip) == 20 && offsetof(PxeMode, dhcp_ack) == 1524);
static_assert(offsetof(PxeMode, pxe_reply) == 5940);
struct PxeBaseCode {
  static constexpr const Guid& kGuid = guid::kPxeBaseCode;
  uint64_t revision;
  Code(EFIAPI* start)(PxeBaseCode*, Bool use_ipv6);
  Code(EFIAPI* stop)(PxeBaseCode*);
  void* others[10];
  PxeMode* mode;
};
static_assert(offsetof(PxeBaseCode, mode) == 104);

struct VlanConfig {  // §27.1
  static constexpr Guid kGuid{
      0x9e23d768, 0xd2f3, 0x4366, {0x9f, 0xc3, 0x3a, 0x7a, 0xba, 0x86, 0x43, 0x74}};
  struct Entry {
    uint16_t vlan;
    uint8_t priority;
  };
  void* set;
  /// `entries` is the caller's to free; `vlan` null: all.
  Code(EFIAPI* find)(VlanConfig*, const uint16_t* vlan, uint16_t* count, Entry** entries);
};

struct MemoryAttribute {  // §37.7
  static constexpr Guid kGuid{
      0xf4560cf6, 0x40ec, 0x4b4a, {0xa1, 0x92, 0xbf, 0x1d, 0x57, 0xd0, 0xb1, 0x89}};
  void* get;
  void* set;
  Code(EFIAPI* clear)(MemoryAttribute*, PhysicalAddress at, uint64_t bytes, uint64_t attributes);
};

struct Rng {
  static constexpr const Guid& kGuid = guid::kRng;
  void* get_info;
  /// `algorithm` null: the firmware's choice.
  Code(EFIAPI* get_rng)(Rng*, const Guid* algorithm, uint64_t bytes, uint8_t* out);
};

}  // namespace hawser::efi
