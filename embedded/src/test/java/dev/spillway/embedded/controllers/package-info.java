/** The controllers, each alone, and a whole cluster of them. Where a comment says "1.37.2", a real one was watched by hand. */
@NullMarked
package dev.spillway.embedded.controllers;

import org.jspecify.annotations.NullMarked;
