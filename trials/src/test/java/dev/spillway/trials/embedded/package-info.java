@NullMarked
package dev.spillway.trials.embedded;

import org.jspecify.annotations.NullMarked;
