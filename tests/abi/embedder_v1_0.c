/* A program that was built with node.h of version 1.0: sends its third argument to the server and prints the
 * answer. Its structs have exactly the size of that version. */
#include <stdio.h>
#include <string.h>

#include "fairlead/node.h"

static fairlead_text text(const char* words) { return (fairlead_text){words, strlen(words)}; }

static void answered(void* ctx, const fairlead_message* reply, const fairlead_node_error* why) {
  if (reply == NULL) fprintf(stderr, "%s\n", why->text);
  for (uint32_t i = 0; reply != NULL && i < reply->slice_count; ++i)
    fwrite(reply->slices[i].data, 1, reply->slices[i].size, stdout);
  fairlead_node_drain(ctx, 5000);
}

static const char* question;

static void ready(void* ctx, fairlead_text report) {
  (void)report;
  const fairlead_bytes slice = {(const uint8_t*)question, strlen(question)};
  const fairlead_outgoing message = {.struct_size = sizeof message,
                                     .to = text("server"),
                                     .topic = text("t"),
                                     .slices = &slice,
                                     .slice_count = 1};
  fairlead_node_request(ctx, &message, 10000, answered, ctx);
}

int main(int count, char** words) {
  if (count != 4) return 4;
  question = words[3];
  const fairlead_text set = text(words[2]);
  const fairlead_node_options options = {.struct_size = sizeof options,
                                         .persistence = FAIRLEAD_PERSIST_ONCE,
                                         .kit = text(words[1]),
                                         .set = &set,
                                         .set_count = 1};
  fairlead_node_error error = {.struct_size = sizeof error};
  fairlead_node* node = NULL;
  if (fairlead_client_open(&options, &node, &error) != FAIRLEAD_OK) {
    fprintf(stderr, "%s; %s\n", error.text, error.hint);
    return error.exit_code;
  }
  const fairlead_node_events events = {.struct_size = sizeof events, .ctx = node, .ready = ready};
  const fairlead_status status = fairlead_node_run(node, &events, &error);
  fairlead_node_close(node);
  return status == FAIRLEAD_OK ? 0 : error.exit_code;
}
