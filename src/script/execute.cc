#include "src/script/execute.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "src/archive/archive.h"
#include "src/base/format.h"
#include "src/base/text.h"
#include "src/console/console.h"
#include "src/image/boot_program.h"
#include "src/image/efi_elf.h"
#include "src/image/elf.h"
#include "src/image/httpboot.h"
#include "src/loop.h"
#include "src/network.h"
#include "src/script/bring_up.h"
#include "src/script/interpreter.h"
#include "src/script/observer.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

bool is_kernel(const Image& image) {
  return image.format && (image.format->load || image.format->uefi);
}

bool is_boot_program(Context& context, const Image& image) {
  return !image.format && context.platform.program_server() && boot_program::probe(image.data);
}

/// How this firmware starts images of the format; nothing where every firmware does it by `load`.
UefiStart uefi_start(Context& context, const ImageFormat& format) {
  const UefiImages* images = context.platform.uefi_images();
  return images && format.uefi ? images->*format.uefi : UefiStart{};
}

/// What a file that nothing can boot looks like, for the person who has to find out.
std::string looks_like(Bytes data) {
  if (data.empty()) return "it is empty";
  std::string_view text = trim(text_of(data.first(std::min<size_t>(data.size(), 64))));
  if (text.starts_with("<"))
    return cat("it looks like a web page: \"", printable(text, 24),
               "\"; check what the server sends for this address");
  if (text.starts_with("MZ")) return "it starts as EFI programs do, but is damaged";
  if (elf::is_elf(data))
    return cat("it is an ELF file, but has neither a Multiboot header nor a symbol ",
               efi_elf::kEntrySymbol, " or ", httpboot::kEntrySymbol);
  if (text.starts_with("#!"))
    return cat("it starts with \"", printable(text, 24), "\"; a script starts with \"#!ipxe\"");
  if (auto kind = archive_kind(data); kind && kind != ArchiveKind::Zlib)
    return cat("it is compressed with ", archive_name(*kind), "; unpack it with imgextract");
  if (auto name = boot_program::name(data); !name.empty()) return cat("it is ", name);
  if (boot_program::is_noise(data))
    return cat("it looks compressed or encrypted: it starts with ", hex_bytes(data.first(8), " "));
  return cat("it starts with ", hex_bytes(data.first(std::min<size_t>(data.size(), 8)), " "));
}

/// What goes to the kernel along with it. Kernels and scripts that are still registered go too, as
/// iPXE does it; that is seldom meant, so it is said.
std::vector<const Image*> collect_modules(Context& context, bool are_initrds) {
  std::vector<const Image*> modules;
  for (const auto& image : context.images.all()) {
    if (image->hidden || image->shim) continue;
    modules.push_back(image.get());
    if (context.images.trust_rule().required() && !image->trusted)
      context.console.print(cat("Note: ", printable(image->name), " goes along unverified\n"));
    if (image->format && are_initrds)
      context.console.print(cat("Note: ", printable(image->name), " (", image->format->name,
                                ") is still registered and goes along as an initrd; "
                                "\"imgfree ",
                                image->name, "\" before boot prevents that\n"));
  }
  return modules;
}

std::string hand_over_line(const Image& kernel, const std::vector<const Image*>& modules) {
  std::string_view kind = kernel.format->load ? " initrd" : " file";
  std::string text = cat("Booting ", printable(kernel.name), " (", kernel.format->name, ", ",
                         human_size(kernel.data.size()), ")");
  if (modules.empty()) return text + "\n";
  uint64_t bytes = 0;
  for (const Image* module : modules) bytes += module->data.size();
  return text + cat(" with ", modules.size(), kind, modules.size() == 1 ? ", " : "s, ",
                    human_size(bytes), "\n");
}

/// Returns when the program does.
Status run_program(Context& context, const Image& image) {
  UefiStart uefi = uefi_start(context, *image.format);
  std::vector<const Image*> others = collect_modules(context, image.format->load);
  Program program = TRY(uefi.prepare(image, others));
  for (const auto& shim : context.images.all())
    if (shim->shim)
      TRY(context.platform.uefi_images()->add_shim(program, *shim, image.format->load));
  program.spare = context.images.memory().holes();
  context.console.fresh_line();
  context.console.print(hand_over_line(image, others));
  context.network.pause();
  Status ended = context.platform.start_program(program);
  for (const Range& kept : program.spare) context.images.memory().withdraw(kept);
  context.console.fresh_line();
  if (Status resumed = context.network.resume(); !resumed.ok())
    context.console.print(cat("The network is off: ", resumed.error().text, '\n'));
  return ended;
}

/// Returns when the program does: to us, or not at all.
Status run_boot_program(Context& context, const Image& image) {
  Interface* interface = TRY(pxe_interface(context));
  context.console.fresh_line();
  context.console.print(cat("Starting ", printable(image.name), " (PXE boot program, ",
                            human_size(image.data.size()), ") on ", interface->name(), '\n'));
  ProgramEnd end = TRY(run_with_pxe(context, {.program = image.data,
                                              .uri = image.uri,
                                              .command_line = image.cmdline.value_or("")}));
  if (end.command) {
    context.console.print(cat(printable(image.name), " asks for: ", printable(*end.command), '\n'));
    return context.interpreter.run_line(*end.command).status;
  }
  std::string how = cat("returned with AX=0x", hex(end.status, 4));
  if (end.status != 0) return Error{Errc::Io, cat("the boot program ", how)};
  context.console.print(cat(printable(image.name), ' ', how, '\n'));
  return ok_status();
}

/// Does not return when it works.
Status boot_kernel(Context& context, const Image& kernel) {
  if (kernel.format->needs_uefi() && !context.platform.uefi_images())
    return Error{Errc::Unsupported,
                 cat("it is an ", kernel.format->name, " image, which needs UEFI firmware")};
  std::vector<const Image*> modules = collect_modules(context, true);
  UefiStart uefi = uefi_start(context, *kernel.format);
  auto load = uefi.load ? uefi.load : kernel.format->load;
  LoadPlan plan =
      TRY(load(kernel, modules, {context.platform.memory(), context.platform.firmware()}));
  if (Status fits = context.platform.check(plan); !fits.ok()) return fits;
  if (Observer* observer = context.interpreter.observer())
    observer->kernel_starts(kernel, modules, plan);
  context.console.fresh_line();
  context.console.print(hand_over_line(kernel, modules));
  context.network.shut_down();
  context.platform.hand_over(plan);
  return ok_status();  // not reached
}

/// Ends the run of an image that was taken off the list.
void put_away(Context& context, std::unique_ptr<Image> image, bool keep) {
  Image& listed = *image;
  context.images.put_back(std::move(image));
  if (!keep) context.images.remove(listed);
}

}  // namespace

Result<Interface*> pxe_interface(Context& context) {
  std::string name = context.settings.text(kPxeSetting);
  Interface* interface = context.network.find(name.empty() ? "netX" : name);
  if (!interface) return Error{Errc::NotFound, "boot programs need a network card; there is none"};
  TRY(open_interface(*interface));
  return interface;
}

Result<ProgramEnd> run_with_pxe(Context& context, const PxeProgram& given) {
  MakeProgramServer make_server = context.platform.program_server();
  if (!make_server) return Error{Errc::Unsupported, "no PC BIOS, which PXE boot programs need"};
  Interface* interface = TRY(pxe_interface(context));
  ImageMemory::Copies images = TRY(context.images.memory().copy());
  ProgramEnd end;
  Result<uint16_t> ended = [&]() -> Result<uint16_t> {
    auto server = TRY(make_server({context.loop, context.network, *interface, context.settings,
                                   given.uri, given.command_line}));
    auto status = context.platform.run_nbp(given.program, *server, given.drive);
    end.command = server->command();
    return status;
  }();
  context.images.memory().restore(images);  // it may have used all memory but ours
  context.console.fresh_line();
  end.status = TRY(std::move(ended));
  return end;
}

Status check_bootable(Context& context, const Image& image) {
  if (image.format || is_boot_program(context, image)) return ok_status();
  return Error{Errc::Format,
               cat(printable(image.name), " (", image.data.size(),
                   " bytes) is neither a script nor a kernel: ", looks_like(image.data))};
}

Status check_trusted(Context& context, const Image& image) {
  if (image.trusted || !context.images.trust_rule().required()) return ok_status();
  return Error{Errc::Access, cat(printable(image.name), " is not verified, and imgtrust lets only "
                                 "verified images run; use: imgverify ", printable(image.name),
                                 " SIGNATURE")};
}

Status execute(Context& context, Image& first) {
  Image* next = &first;
  for (;;) {
    Status bootable = check_bootable(context, *next);
    if (bootable.ok()) bootable = check_trusted(context, *next);
    if (!bootable.ok()) {
      if (next->autofree) context.images.remove(*next);
      return bootable;
    }
    std::unique_ptr<Image> image = context.images.take(*next);
    WorkingUri working_uri(context.settings.builtin(), image->uri);
    bool boot_program = is_boot_program(context, *image);
    if (boot_program || is_kernel(*image)) {
      bool program = boot_program || uefi_start(context, *image->format).prepare;
      Status ended = boot_program ? run_boot_program(context, *image)
                     : program    ? run_program(context, *image)
                                  : boot_kernel(context, *image);
      std::string what = cat(program ? "" : "could not boot ", printable(image->name));
      bool keep = !image->autofree;
      put_away(context, std::move(image), keep);
      if (ended.ok()) return ended;
      return std::move(ended).error().in(what);
    }
    Interpreter::ScriptEnd end = context.interpreter.run_script(image->data, image->name);
    next = end.replacement;
    bool keep = !image->autofree && !next;
    put_away(context, std::move(image), keep);
    if (!next) return std::move(end.status);
  }
}

}  // namespace hawser
