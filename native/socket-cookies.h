/* SPDX-License-Identifier: MIT */
#ifndef TELLTALE_SOCKET_COOKIES_H
#define TELLTALE_SOCKET_COOKIES_H

/*
 * Has the kernel give a cookie to each open socket of each process. It gives
 * one when it is first asked for; where an iterator cannot ask (5.10), sockets
 * of before would all be number 0. Needs the rights of root; what is refused
 * or gone is passed over.
 */
void tt_give_socket_cookies(void);

#endif
