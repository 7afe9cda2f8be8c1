@NullMarked
package dev.spillway.app.explain;

import org.jspecify.annotations.NullMarked;
