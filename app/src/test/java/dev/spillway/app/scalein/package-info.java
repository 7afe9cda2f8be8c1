@NullMarked
package dev.spillway.app.scalein;

import org.jspecify.annotations.NullMarked;
