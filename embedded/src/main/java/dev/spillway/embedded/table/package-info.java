/**
 * Objects as rows of a table, as {@code kubectl get} shows them: the API server, not kubectl, decides what a row says.
 *
 * <p>Reads objects and must not change them; knows no store and no connection. Start reading at {@link
 * dev.spillway.embedded.table.Tables}.
 */
@NullMarked
package dev.spillway.embedded.table;

import org.jspecify.annotations.NullMarked;
