@NullMarked
package dev.spillway.embedded.protobuf;

import org.jspecify.annotations.NullMarked;
