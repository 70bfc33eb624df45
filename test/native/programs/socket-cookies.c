/* SPDX-License-Identifier: MIT */
/* Asks every socket for its cookie, while to close any of them takes for ever: by --wrap=close. */
#include "../../../native/socket-cookies.h"

#include <sys/socket.h>
#include <unistd.h>

int __wrap_close(int fd);

int __wrap_close(int fd)
{
	(void)fd;
	for (;;)
		pause();
}

int main(void)
{
	if (socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		return 1;
	tt_give_socket_cookies();
	return 0;
}
