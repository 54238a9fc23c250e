"""Files made from the grammar's table and spoiled at random: whatever they hold, calmcast says what is wrong with them.

`written` makes a file, `spoiled` ruins it, `trial` looks what calmcast makes of it, `corpus` keeps what failed.
"""
