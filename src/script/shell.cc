#include "src/script/shell.h"

#include "src/console/console.h"
#include "src/script/completion.h"
#include "src/script/interpreter.h"

namespace hawser {

void run_shell(Context& context) {
  for (;;) {
    Console::Line line = context.console.read_line(
        {.prompt = "hawser> ", .history = true, .complete = [&](std::string_view text) {
           return complete(context, text);
         }});
    if (line.end != Console::LineEnd::Entered) continue;
    if (context.interpreter.run_line(line.text).left) return;
  }
}

}  // namespace hawser
