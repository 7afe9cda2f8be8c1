@NullMarked
package dev.spillway.it.conformance;

import org.jspecify.annotations.NullMarked;
