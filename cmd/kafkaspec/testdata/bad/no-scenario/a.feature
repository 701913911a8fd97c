Feature: a
  Only words.
