/** Tests of tables: rows are held against what a real kube-apiserver 1.37 says about the same objects. */
@NullMarked
package dev.spillway.embedded.table;

import org.jspecify.annotations.NullMarked;
