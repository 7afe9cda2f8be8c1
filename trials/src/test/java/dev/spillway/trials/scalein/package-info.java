@NullMarked
package dev.spillway.trials.scalein;

import org.jspecify.annotations.NullMarked;
