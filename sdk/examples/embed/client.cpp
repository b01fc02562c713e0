// client KIT TEXT: asks the server and prints its answer.
#include <fairlead/node.hpp>
#include <iostream>

int main(int, char** words) try {
  auto client = fairlead::Client::open(words[1]);
  const std::string text = words[2];
  std::cout
      << client.request({.to = "server", .topic = "greeting", .payload = {text.begin(), text.end()}}).text()
      << std::endl;
} catch (const fairlead::NodeError& error) {
  std::cerr << error.text() << "; " << error.hint() << std::endl;
  return error.exit_code();
}
