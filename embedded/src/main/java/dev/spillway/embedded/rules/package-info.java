/**
 * What the API server knows about each type of object: defaults, admission, which part of an object a write may touch, what is
 * valid, how it is deleted.
 *
 * <p>Pure functions of their arguments; must not hold objects, versions or time. Where a rule was read in the source of
 * Kubernetes 1.37.2, the file is named; where it was tried, the tests say so. Start reading at {@link
 * dev.spillway.embedded.rules.TypeRules}.
 */
@NullMarked
package dev.spillway.embedded.rules;

import org.jspecify.annotations.NullMarked;
