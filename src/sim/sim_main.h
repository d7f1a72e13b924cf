/* SPDX-License-Identifier: Apache-2.0
 *
 * `centinela sim`: the simulator as a program of its own, and its export. */
#ifndef SIM_SIM_MAIN_H
#define SIM_SIM_MAIN_H

/*
 * argv[0] is "sim". Serves until SIGTERM or SIGINT, then returns 0; 1 when it
 * failed, 2 when the words are wrong, with a sentence on stderr.
 */
int sim_main(int argc, char **argv);

#endif
