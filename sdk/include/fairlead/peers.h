/* fairlead/peers.h - host extension "fairlead.peers/1": whose raw public keys a transport may take for
 * proved.
 *
 * For transports that know their peers by a bare key instead of a certificate. The kernel fills the table
 * from statements that the project's root signed; a plugin that was given none of them trusts no key. It is a
 * table of its own: nothing in transport.h changes with it. */
#ifndef FAIRLEAD_PEERS_H
#define FAIRLEAD_PEERS_H
#include "fairlead/transport.h"
#ifdef __cplusplus
extern "C" {
#endif

#define FAIRLEAD_PEERS_EXTENSION "fairlead.peers/1"
typedef struct fairlead_peers {
  uint32_t struct_size, reserved;
  /* [home] Calls `visit` once for each participant's key in force, before it returns. A key may stand under
   * more than one name: the login decides which of them speaks. Both texts are borrowed for the visit. */
  void (*each)(void* host_ctx, void (*visit)(void* arg, fairlead_text name, fairlead_bytes key), void* arg);
  /* [home] From now on `changed` runs on the loop each time after the keys have changed; the next call
   * replaces it, NULL ends it. It never runs inside this call, and not after destroy() was entered. */
  void (*notify)(void* host_ctx, void (*changed)(void* arg), void* arg);
} fairlead_peers;

#ifdef __cplusplus
}
#endif
#endif
