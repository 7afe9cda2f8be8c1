/** Trees, alone. Patches are tested by the recorded conversations, too. */
@NullMarked
package dev.spillway.embedded.tree;

import org.jspecify.annotations.NullMarked;
