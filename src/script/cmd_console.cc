// Commands about the console itself: its colours and mode.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/script/families.h"

namespace hawser {
namespace {

constexpr int64_t kColours = 8;

/// Errors: Range.
Status check_below(int64_t value, int64_t bound, std::string_view what) {
  if (value >= 0 && value < bound) return ok_status();
  return Error{Errc::Range, cat(what, ' ', value, ": from 0 to ", bound - 1)};
}

struct ColourOptions {
  std::optional<int64_t> basic, rgb;
};
constexpr Option kColourOptions[] = {
    option<&ColourOptions::basic>('b', "basic", "number", "ANSI colour on text screens"),
    option<&ColourOptions::rgb>('r', "rgb", "0xRRGGBB", "colour on graphic screens"),
};

Status colour(Context& context, const ColourOptions& options, Args words) {
  constexpr uint8_t kDefault = Palette::kDefaultColour;
  int64_t index = TRY(integer_argument(words[0]));
  TRY(check_below(index, kDefault + 1, "colour"));
  if (!options.basic) return ok_status();
  if (*options.basic != kDefault) TRY(check_below(*options.basic, kColours, "ANSI colour"));
  context.console.palette.basic[size_t(index)] = uint8_t(*options.basic);
  return ok_status();
}

struct PairOptions {
  int64_t foreground = Palette::kDefaultColour, background = Palette::kDefaultColour;
};
constexpr Option kPairOptions[] = {
    option<&PairOptions::foreground>('f', "foreground", "colour", "of the text"),
    option<&PairOptions::background>('b', "background", "colour", "behind it"),
};

Status pair(Context& context, const PairOptions& options, Args words) {
  auto& pairs = context.console.palette.pairs;
  int64_t index = TRY(integer_argument(words[0]));
  TRY(check_below(index, int64_t(pairs.size()), "pair"));
  for (int64_t side : {options.foreground, options.background})
    TRY(check_below(side, Palette::kDefaultColour + 1, "colour"));
  pairs[size_t(index)] = {uint8_t(options.foreground), uint8_t(options.background)};
  return ok_status();
}

struct ModeOptions {
  int64_t x = 0, y = 0, depth = 0, left = 0, right = 0, top = 0, bottom = 0;
  std::string picture;
  bool keep = false;
};
constexpr Option kModeOptions[] = {
    option<&ModeOptions::x>('x', "x", "pixels", "width"),
    option<&ModeOptions::y>('y', "y", "pixels", "height"),
    option<&ModeOptions::depth>('d', "depth", "bits", "per pixel"),
    option<&ModeOptions::left>('l', "left", "pixels", "left margin"),
    option<&ModeOptions::right>('r', "right", "pixels", "right margin"),
    option<&ModeOptions::top>('t', "top", "pixels", "upper margin"),
    option<&ModeOptions::bottom>('b', "bottom", "pixels", "lower margin"),
    option<&ModeOptions::picture>('p', "picture", "uri|image", "background"),
    option<&ModeOptions::keep>('k', "keep", "", "keep the picture"),
};

/// Text is the only mode so far. A script that would only like graphics goes on without.
Status console(Context& context, const ModeOptions& options, Args) {
  if (options.x || options.y || options.depth || !options.picture.empty())
    context.console.print("console: no graphics here, the screen stays in text mode\n");
  return ok_status();
}

constexpr Command kCommands[] = {
    command<colour>("colour", "<index>", "define a colour, 0 to 7 or 9", 1, 1, kColourOptions),
    command<pair>("cpair", "<pair>", "choose two colours for a part of menus", 1, 1, kPairOptions),
    command<console>("console", "", "set the screen's mode", 0, 0, kModeOptions),
};

}  // namespace

CommandTable console_commands() { return kCommands; }

}  // namespace hawser
