@NullMarked
package dev.spillway.app.embedded;

import org.jspecify.annotations.NullMarked;
