#include "CPlantedWork.h"

// A round is a decrement and a jump: two instructions. The empty assembly takes and gives back the counter, so that no compiler
// may count the rounds itself.
void cplantedwork_execute(uint64_t instructions) {
  for (uint64_t rounds = instructions / 2; rounds > 0; rounds--) __asm__ volatile("" : "+r"(rounds));
}
