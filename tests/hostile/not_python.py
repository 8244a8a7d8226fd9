# unusable: syntax error
%%bash
rm -rf /
