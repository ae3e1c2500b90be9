DROP TABLE monday_sorts;
