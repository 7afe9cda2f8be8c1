/**
 * Values for tests, of this module and of others: a builder for each type that takes many words to make. Start with {@link
 * dev.spillway.core.testing.PodBuilder#aPod() aPod}. A test writes what it is about and leaves the rest to the defaults; one whose
 * expectation rests on a default writes that down too. Nothing here decides, fakes or asserts anything.
 */
@NullMarked
package dev.spillway.core.testing;

import org.jspecify.annotations.NullMarked;
