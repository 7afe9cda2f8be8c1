/**
 * Who owns which field: server-side apply and {@code metadata.managedFields}.
 *
 * <p>Pure functions over trees; must not store anything or know a single type's rules beside how its fields are merged. Start
 * reading at {@link dev.spillway.embedded.apply.Ownership}.
 */
@NullMarked
package dev.spillway.embedded.apply;

import org.jspecify.annotations.NullMarked;
