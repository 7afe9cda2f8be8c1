/**
 * Holds what comments, pages and scenarios cite against what is there (docs/specification/README.md, "How to cite"). It reads the tree
 * and must run nothing of it. Start at {@link dev.spillway.specification.CitationsTest}.
 */
@NullMarked
package dev.spillway.specification;

import org.jspecify.annotations.NullMarked;
