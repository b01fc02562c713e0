/* transport.h is C11: this file need only compile, without warnings. */
#include <fairlead/transport.h>

_Static_assert(sizeof(fairlead_status) == 4, "a status is 32 bits");
_Static_assert(FAIRLEAD_AGAIN > 0, "AGAIN is not a failure");
