/** Whether anything that is secret gets out of a whole controller. Start at {@code CanariesTest}. */
@NullMarked
package dev.spillway.trials.canary;

import org.jspecify.annotations.NullMarked;
