#include "src/script/execute.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "src/archive/archive.h"
#include "src/base/format.h"
#include "src/base/text.h"
#include "src/console/console.h"
#include "src/network.h"
#include "src/script/interpreter.h"
#include "src/script/observer.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

bool is_kernel(const Image& image) { return image.format && image.format->load; }

/// What a file that nothing can boot looks like, for the person who has to find out.
std::string looks_like(Bytes data) {
  if (data.empty()) return "it is empty";
  std::string_view text = trim(text_of(data.first(std::min<size_t>(data.size(), 64))));
  if (text.starts_with("<"))
    return cat("it looks like a web page: \"", printable(text, 24),
               "\"; check what the server sends for this address");
  if (text.starts_with("#!"))
    return cat("it starts with \"", printable(text, 24), "\"; a script starts with \"#!ipxe\"");
  if (text.starts_with("MZ")) return "it is an EFI program, which needs UEFI firmware";
  if (auto kind = archive_kind(data); kind && kind != ArchiveKind::Zlib)
    return cat("it is compressed with ", archive_name(*kind), "; unpack it with imgextract");
  return cat("it starts with ", hex_bytes(data.first(std::min<size_t>(data.size(), 8)), " "));
}

/// What goes to the kernel along with it. Kernels and scripts that are still registered go too, as
/// iPXE does it; that is seldom meant, so it is said.
std::vector<const Image*> collect_modules(Context& context) {
  std::vector<const Image*> modules;
  for (const auto& image : context.images.all()) {
    if (image->hidden) continue;
    modules.push_back(image.get());
    if (image->format)
      context.console.print(cat("Note: ", printable(image->name), " (", image->format->name,
                                ") is still registered and goes along as an initrd; "
                                "\"imgfree ",
                                image->name, "\" before boot prevents that\n"));
  }
  return modules;
}

std::string hand_over_line(const Image& kernel, const std::vector<const Image*>& modules) {
  std::string text = cat("Booting ", printable(kernel.name), " (", kernel.format->name, ", ",
                         human_size(kernel.data.size()), ")");
  if (modules.empty()) return text + "\n";
  uint64_t bytes = 0;
  for (const Image* module : modules) bytes += module->data.size();
  return text + cat(" with ", modules.size(), modules.size() == 1 ? " initrd, " : " initrds, ",
                    human_size(bytes), "\n");
}

/// Does not return when it works.
Status boot_kernel(Context& context, const Image& kernel) {
  std::vector<const Image*> modules = collect_modules(context);
  LoadPlan plan = TRY(kernel.format->load(
      kernel, modules, {context.platform.memory(), context.platform.firmware()}));
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

Status check_bootable(const Image& image) {
  if (image.format) return ok_status();
  return Error{Errc::Format,
               cat(printable(image.name), " (", image.data.size(),
                   " bytes) is neither a script nor a kernel: ", looks_like(image.data))};
}

Status execute(Context& context, Image& first) {
  Image* next = &first;
  for (;;) {
    if (Status bootable = check_bootable(*next); !bootable.ok()) {
      if (next->autofree) context.images.remove(*next);
      return bootable;
    }
    std::unique_ptr<Image> image = context.images.take(*next);
    WorkingUri working_uri(context.settings.builtin(), image->uri);
    if (is_kernel(*image)) {
      Status failed = boot_kernel(context, *image);
      std::string what = cat("could not boot ", printable(image->name));
      bool keep = !image->autofree;
      put_away(context, std::move(image), keep);
      return std::move(failed).error().in(what);
    }
    Interpreter::ScriptEnd end = context.interpreter.run_script(image->data, image->name);
    next = end.replacement;
    bool keep = !image->autofree && !next;
    put_away(context, std::move(image), keep);
    if (!next) return std::move(end.status);
  }
}

}  // namespace hawser
