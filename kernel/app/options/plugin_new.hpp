/// `plugin new`, apart from the other commands about plugins because it is for people who write one.
#pragma once

namespace CLI {
class App;
}

namespace fairlead::app {

class CommandLine;

void add_plugin_new(CLI::App& plugin, CommandLine& line);

}  // namespace fairlead::app
