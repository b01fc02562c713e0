// server KIT: answers greetings until its standard input ends.
#include <fairlead/node.hpp>
#include <iostream>

int main(int, char** words) try {
  auto server = fairlead::Server::open(words[1]);
  server.on("greeting", [](const fairlead::Request& request) {
    return fairlead::Reply::text(request.text() + ", " + std::string(request.from()));
  });
  std::cout << server.status() << std::endl;
  std::cin.get();
} catch (const fairlead::NodeError& error) {
  std::cerr << error.text() << "; " << error.hint() << std::endl;
  return error.exit_code();
}
