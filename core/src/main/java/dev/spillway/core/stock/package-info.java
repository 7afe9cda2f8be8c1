/**
 * What all pods together know about offers and regions: may it be asked now, and if not, when. Start at
 * {@link dev.spillway.core.stock.StockPicture}.
 */
@NullMarked
package dev.spillway.core.stock;

import org.jspecify.annotations.NullMarked;
