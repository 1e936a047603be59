// A kernel that is an ELF64 file with the symbol by which AxVisor is started as an EFI program. It
// tells by the firmware's console what it was given, returns if its command line says so, and else
// ends boot services and goes on by COM1.
#include "report.h"

#define EFIAPI __attribute__((ms_abi))
typedef struct {
  uint64_t header[3];
  void* vendor;
  uint64_t revision;
  void *in_handle, *in, *out_handle;
  struct Output {
    void* reset;
    uint64_t(EFIAPI* output)(struct Output*, const uint16_t*);
  }* out;
  void *error_handle, *error, *runtime;
  struct {
    uint64_t header[3], before[4];
    uint64_t(EFIAPI* get_memory_map)(uint64_t*, void*, uint64_t*, uint64_t*, uint32_t*);
    uint64_t between[11];
    uint64_t(EFIAPI* handle_protocol)(void*, const void*, void**);
    uint64_t more[9];
    uint64_t(EFIAPI* exit_boot_services)(void*, uint64_t);
  }* boot;
} SystemTable;
typedef struct {
  uint32_t revision;
  void *parent, *system, *device, *path, *reserved;
  uint32_t options_bytes;
  uint16_t* options;
  void* base;
  uint64_t bytes;
} LoadedImage;

extern char head[], image_end[];
struct Relocation {
  uint64_t at, type;
  int64_t addend;
};
extern struct Relocation relocations[], relocations_end[];

static SystemTable* table;
static uint8_t map[32768];
static uint32_t in_data = 0x600dda7a;
static uint32_t* volatile pointer = &in_data;  // has to be relocated

static void say(const char* text) {
  for (; *text; ++text) {
    uint16_t units[] = {(uint8_t)*text, 0};
    table->out->output(table->out, units);
  }
}

static void say_hex(const char* name, uint64_t value) {
  char text[] = "0000000000000000";
  for (int i = 15; i >= 0; --i, value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  say(" ");
  say(name);
  say("=");
  say(text);
}

static void say_options(const LoadedImage* image) {
  char text[200];
  uint32_t n = 0;
  for (; n < sizeof text - 1 && n < image->options_bytes / 2 && image->options[n]; ++n)
    text[n] = (char)image->options[n];
  text[n] = 0;
  say(" options=[");
  say(text);
  say("]\r\n");
}

/// The firmware never calls this: it is where a loader would enter that has only the ELF header.
void raw_entry(void) {
  put("\nTEST-KERNEL wrong entry\n");
  finish();
}

uint64_t EFIAPI __x86_64_efi_pe_entry(void* handle, SystemTable* system) {
  static const uint8_t kLoadedImage[] = {0xa1, 0x31, 0x1b, 0x5b, 0x62, 0x95, 0xd2, 0x11,
                                         0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b};
  uint64_t moved_by = (uint64_t)head - LINKED_AT;
  for (struct Relocation* r = relocations; r < relocations_end; ++r)
    if (r->type == 8) *(uint64_t*)(r->at + moved_by) = (uint64_t)r->addend + moved_by;
  table = system;
  LoadedImage* image = 0;
  if (table->boot->handle_protocol(handle, kLoadedImage, (void**)&image)) return 1;
  say("\r\nTEST-KERNEL efi");
  say_hex("at", (uint64_t)head);
  say_hex("data", *pointer);
  say_hex("bss", map[0] | map[sizeof map - 1]);
  say_hex("before", (uint64_t)(head - (char*)image->base));
  say_hex("behind", (uint64_t)((char*)image->base + image->bytes - image_end));
  say_options(image);
  const uint16_t* last = image->options + image->options_bytes / 2;
  while (last > image->options && !last[-1]) --last;
  if (last > image->options && last[-1] == '!') return 0;  // "come back!"

  uint64_t bytes = sizeof map, key, step;
  uint32_t version;
  uint64_t status = table->boot->get_memory_map(&bytes, map, &key, &step, &version);
  if (!status) status = table->boot->exit_boot_services(handle, key);
  put("\nTEST-KERNEL alone");
  put_field("status", (uint32_t)status);
  put_field("rows", (uint32_t)(bytes / step));
  put("\n");
  finish();
  return 1;
}
