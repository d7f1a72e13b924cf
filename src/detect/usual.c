/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/usual.h"

#include <math.h>

double usual_surprise(double mean, int n, int degrees)
{
	if (n < 1 || (double)n <= mean)
		return 0;
	double r = degrees, x = mean / (mean + r);
	/* P(N >= n) = x^n * sum over j < r of C(n + j - 1, j) (1 - x)^j */
	double term = 1, sum = 1;
	for (int j = 1; j < degrees; j++) {
		term *= (double)(n + j - 1) / j * (1 - x);
		sum += term;
	}
	double s = -(double)n * log10(x) - log10(sum);
	return s > 0 ? s : 0;
}

unsigned usual_pack(unsigned count)
{
	unsigned shift = 0;
	while (count >> shift >= 128 && shift < 7)
		shift++;
	if (count < 64)
		return count;
	return MIN((shift + 1) << 6 | (MIN(count >> shift, 127u) & 63), 511u);
}

unsigned usual_unpack(unsigned code)
{
	return code < 64 ? code : (64 | (code & 63)) << ((code >> 6) - 1);
}
